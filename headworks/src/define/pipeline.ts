// pipeline(): a named graph of processors in ordered phases.

import type { Processor } from "./processor.ts";
import type { Schedule } from "./schedule.ts";

export interface PipelineOptions {
  /** In the order in which they are shown and usually run. */
  phases: readonly string[];
  processors: readonly Processor[];
  /** When its processors are asked for besides what is expected. */
  schedules?: readonly Schedule[];
}

/** A named graph. Made with {@link pipeline}. */
export interface Pipeline extends PipelineOptions {
  kind: "pipeline";
  name: string;
}

/** Declares a pipeline: the default export of a configuration, alone or in an array. */
export function pipeline(name: string, options: PipelineOptions): Pipeline {
  return { kind: "pipeline", name, ...options };
}
