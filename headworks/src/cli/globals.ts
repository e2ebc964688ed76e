// The options that every command has, and what they come to.

import { dirname } from "node:path";
import { loadConfiguration } from "../define/load.ts";
import type { Registry } from "../define/registry.ts";
import { codeVersionOf } from "../engine/planning/code-version.ts";

export interface GlobalOptions {
  config?: string;
  dataDir: string;
  databaseUrl?: string;
  json?: boolean;
}

export interface Configuration {
  path: string;
  registry: Registry;
  codeVersion: string;
}

/** Loads and checks the configuration. Throws CONFIGURATION_NOT_FOUND, CONFIGURATION_UNREADABLE or CONFIGURATION_INVALID. */
export async function readConfiguration(options: GlobalOptions): Promise<Configuration> {
  const { path, registry } = await loadConfiguration(process.cwd(), options.config, process.env);
  return { path, registry, codeVersion: await codeVersionOf(registry, dirname(path), process.env) };
}
