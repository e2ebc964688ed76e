// Loads a configuration: a module with pipelines as its default export, or a processors.yaml.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HeadworksError, messageOf } from "../domain/error.ts";
import { ConfigurationError } from "./compile/problems.ts";
import { compileRegistry } from "./compile/registry-of.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Environment, Registry } from "./registry.ts";
import type { Retention } from "./retention.ts";
import { loadRegistryFile } from "./yaml/read.ts";

/** The files looked for when none is named, in this order. */
const CONFIGURATION_NAMES = [
  "headworks.config.ts",
  "headworks.config.js",
  "headworks.config.mjs",
  "processors.yaml",
];

export interface LoadedConfiguration {
  path: string;
  registry: Registry;
}

/** Loads and checks a configuration. Throws CONFIGURATION_NOT_FOUND, CONFIGURATION_UNREADABLE or {@link ConfigurationError}. */
export async function loadConfiguration(
  directory: string,
  named: string | undefined,
  environment: Environment,
): Promise<LoadedConfiguration> {
  const path = findPath(directory, named);
  const { pipelines, retention } = /\.ya?ml$/.test(path)
    ? await loadRegistryFile(path)
    : await importDefinitions(path);
  return { path, registry: compileRegistry(pipelines, { environment, retention }) };
}

function findPath(directory: string, named: string | undefined): string {
  const candidates = named === undefined ? CONFIGURATION_NAMES : [named];
  const found = candidates.map((name) => resolve(directory, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new HeadworksError({
    code: "CONFIGURATION_NOT_FOUND",
    message:
      named === undefined
        ? `there is no configuration in ${directory}`
        : `there is no file ${resolve(directory, named)}`,
    hint: `write a ${CONFIGURATION_NAMES[0]} with a pipeline as its default export, or name one with --config`,
  });
}

interface Definitions {
  pipelines: readonly Pipeline[];
  retention: Retention | undefined;
}

async function importDefinitions(path: string): Promise<Definitions> {
  const module = await importModule(path);
  const { retention } = module;
  if (retention !== undefined && !isRetention(retention)) throw noRetention(path);
  const exported = Array.isArray(module.default) ? module.default : [module.default];
  if (exported.length > 0 && exported.every(isPipeline)) return { pipelines: exported, retention };
  throw new ConfigurationError([
    {
      code: "NO_PIPELINE",
      where: path,
      message: "its default export is no pipeline",
      hint: "export default pipeline(…), or an array of them",
    },
  ]);
}

async function importModule(path: string): Promise<{ default?: unknown; retention?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof HeadworksError) throw error;
    throw new HeadworksError({
      code: "CONFIGURATION_UNREADABLE",
      message: `${path} can't be loaded: ${messageOf(error)}`,
      hint: "fix the error in that file or in what it imports",
      cause: error,
    });
  }
}

function isRetention(value: unknown): value is Retention {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "retention";
}

function noRetention(path: string): ConfigurationError {
  return new ConfigurationError([
    {
      code: "NO_RETENTION",
      where: path,
      message: "its export `retention` is none",
      hint: 'export const retention = retain({ logs: "14d" })',
    },
  ]);
}

function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "pipeline";
}
