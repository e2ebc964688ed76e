// Reads a processors.yaml: the same definitions as in TypeScript, or every mistake with its line and column.

import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { HeadworksError, messageOf } from "../../domain/error.ts";
import { ConfigurationError } from "../compile/problems.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Retention } from "../retention.ts";
import { definePipeline } from "./definitions.ts";
import { type PositionedFile, placeAt, readYaml } from "./position.ts";
import { schemaProblems, syntaxProblem, syntaxProblems } from "./problems.ts";
import { defineRetention } from "./retention.ts";
import { registryFileSchema } from "./schema.ts";

export interface RegistryFileDefinitions {
  pipelines: readonly Pipeline[];
  /** Undefined: the defaults. */
  retention: Retention | undefined;
}

/**
 * Loads the pipeline and the ages of a processors.yaml. Throws {@link ConfigurationError} with every mistake of its form, each at
 * `file:line:column › path`, and CONFIGURATION_UNREADABLE when the file can't be read. What concerns several processors
 * (an unknown dependency, a cycle) is checked later, as it is for definitions in TypeScript.
 */
export async function loadRegistryFile(path: string): Promise<RegistryFileDefinitions> {
  const file = readYaml(basename(path), await readText(path));
  const faults = syntaxProblems(file);
  if (faults.length > 0) throw new ConfigurationError(faults);
  const parsed = registryFileSchema.safeParse(plainValue(file), { reportInput: true });
  if (parsed.success) {
    const defined = definePipeline(parsed.data, file, dirname(resolve(path)));
    return { pipelines: [defined], retention: defineRetention(parsed.data.retention) };
  }
  throw new ConfigurationError(schemaProblems(file, registryFileSchema, parsed.error.issues));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new HeadworksError({
      code: "CONFIGURATION_UNREADABLE",
      message: `${path} can't be read: ${messageOf(error)}`,
      hint: "name a file that exists and that this user may read",
      cause: error,
    });
  }
}

/** The plain value. A file whose aliases would grow without bounds is refused by the parser. */
function plainValue(file: PositionedFile): unknown {
  try {
    return file.document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigurationError([syntaxProblem(placeAt(file, 0), error.message)]);
  }
}
