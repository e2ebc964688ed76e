// Checks the configuration: that it loads, and that every secret that it names is set.

import type { Finding } from "../../contract/printed.ts";
import { secretsOf } from "../../define/registry.ts";
import { declaredSources } from "../../define/source.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { failed, ok } from "./finding.ts";

/** An unset secret is among the mistakes that loading lists, so that one that loads has them all. */
export async function checkConfiguration(options: GlobalOptions): Promise<Finding[]> {
  try {
    const { path, registry, codeVersion } = await readConfiguration(options);
    const secrets = new Set(
      declaredSources()
        .flatMap(secretsOf)
        .map((secret) => secret.name),
    );
    return [
      ok("configuration", `${path}: ${registry.processors.size} processors, code version ${codeVersion}`),
      ok(
        "secrets",
        secrets.size === 0 ? "none is needed" : `${secrets.size} set: ${[...secrets].join(", ")}`,
      ),
    ];
  } catch (error) {
    return [failed("configuration", error)];
  }
}
