// Small definitions, and the mistakes that compiling them finds, for tests.

import { z } from "zod";
import { dataset, type Pipeline, type Processor, pipeline, processor } from "../index.ts";
import { ConfigurationError } from "./compile/problems.ts";
import { compileRegistry } from "./compile/registry-of.ts";
import type { Environment, Problem } from "./registry.ts";
import type { Source } from "./source.ts";

export const games = dataset("games", {
  schema: z.object({ game_id: z.string(), date: z.string() }),
  key: ["game_id"],
});

export const run = () => undefined;

/** A processor of the phase `raw` that does nothing. */
export const raw = (name: string, options: Partial<Parameters<typeof processor>[1]> = {}) =>
  processor(name, { phase: "raw", run, ...options });

export function pipelineOf(...processors: Processor[]): Pipeline {
  return pipeline("nba", { phases: ["raw", "publish"], processors });
}

/** What compiling refuses; throws when it refuses nothing. */
export function problemsOf(
  pipelines: Pipeline[],
  sources: Source[] = [],
  environment: Environment = {},
): readonly Problem[] {
  try {
    compileRegistry(pipelines, { environment, sources });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("no mistake was found");
}

export const mistakesIn = (...processors: Processor[]) => problemsOf([pipelineOf(...processors)]);
