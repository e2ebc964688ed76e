// The code version: the commit, and a hash of the loaded configuration. Runners check it when they claim.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import type { Environment, Registry } from "../../define/registry.ts";

const run = promisify(execFile);

/** `HEADWORKS_CODE_VERSION` where it is set, else `<commit>+<hash>`; `uncommitted+<hash>` outside a git checkout. */
export async function codeVersionOf(
  registry: Registry,
  directory: string,
  environment: Environment,
): Promise<string> {
  const base = environment.HEADWORKS_CODE_VERSION || (await findCommit(directory)) || "uncommitted";
  return `${base}+${configurationHash(registry)}`;
}

/** A hash of everything that the definitions say, the texts of their functions included. */
function configurationHash(registry: Registry): string {
  const definitions = [...registry.processors.values()].map((processor) => ({
    ...processor,
    outputs: processor.outputs.map((dataset) => ({ name: dataset.name, key: dataset.key })),
  }));
  const all = [...definitions, ...registry.schedules.values()];
  const text = JSON.stringify(all, (_key, value) => (typeof value === "function" ? String(value) : value));
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

async function findCommit(directory: string): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", ["rev-parse", "--short=12", "HEAD"], { cwd: directory });
    return stdout.trim();
  } catch {
    // No git, or no checkout: a deployment says its version in HEADWORKS_CODE_VERSION.
    return undefined;
  }
}
