// Runs a demo: starts its source, then Headworks on the pipeline in its folder, until everything is settled or it is stopped.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Fault } from "../faults/fault.ts";
import type { SourceServer } from "../source/server.ts";
import type { DemoFault } from "./demo-fault.ts";

export interface Demo {
  /** What is shown, for its first line: "The simulated season 2025-26". */
  title: string;
  /** Where the configuration is. */
  folder: string;
  /** The folder as a person in the checkout names it. */
  folderName: string;
  /** Where everything is kept, from the folder on. */
  dataDir: string;
  /** The usual port of the source. */
  port: number;
  faults: readonly DemoFault[];
  /** Rejects when the port isn't free; without one, any is taken. */
  startSource(settings: { port?: number; faults: readonly Fault[] }): Promise<SourceServer>;
  /** Tells the pipeline where its source is. */
  environment(sourceUrl: string): Record<string, string>;
  /** Whether everything stays up when the work is done. */
  stay: boolean;
  /** Options of `headworks start`. */
  forHeadworks: readonly string[];
}

const HEADWORKS = fileURLToPath(import.meta.resolve("headworks/bin/headworks.js"));

/** Makes a demo of the command line and runs it; the process ends with the exit code of Headworks, or with 2 for a mistake. */
export async function runDemo(read: (args: readonly string[]) => Demo): Promise<void> {
  try {
    await run(read(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}

async function run(demo: Demo): Promise<void> {
  const source = await startOnFreePort(demo);
  announce(demo, source.url);
  const headworks = startHeadworks(demo, source.url);
  // A Ctrl-C reaches Headworks by itself, since it shares the terminal; it drains, and the demo ends with it.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => headworks.kill("SIGTERM"));
  headworks.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
    if (!demo.stay && signal === null) conclude(demo, code === 0);
    void source.close();
  });
}

/** On the usual port, so that a run can be repeated from the archive, which knows responses by their URL; else on any. */
async function startOnFreePort({ port, startSource, faults }: Demo): Promise<SourceServer> {
  const settings = { faults: faults.map(({ fault }) => fault) };
  try {
    return await startSource({ ...settings, port });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    return startSource(settings);
  }
}

function announce({ title, faults }: Demo, url: string): void {
  console.error(`${title}: its source answers on ${url}`);
  for (const { fault, effect } of faults) console.error(`  with the fault ${fault.spec}: ${effect}`);
}

/** What the faults came to, once all is settled. */
function conclude({ faults, folderName, dataDir }: Demo, isWhole: boolean): void {
  for (const { fault, spoiled } of faults.filter((each) => each.spoiled() > 0)) {
    const healed = isWhole ? ", yet everything expected is there" : "";
    console.error(`The fault ${fault.spec} spoiled ${spoiled()} answers${healed}.`);
  }
  console.error(`To look around, in ${folderName}: npx headworks health --data-dir ${dataDir}`);
}

function startHeadworks(demo: Demo, sourceUrl: string): ChildProcess {
  const until = demo.stay ? [] : ["--until-settled"];
  const args = ["--apply-datasets", "--data-dir", demo.dataDir, ...until, ...demo.forHeadworks];
  return spawn(process.execPath, [HEADWORKS, "start", ...args], {
    cwd: demo.folder,
    stdio: "inherit",
    env: { ...process.env, ...demo.environment(sourceUrl) },
  });
}
