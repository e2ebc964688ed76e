// The pipeline of the tests of crashes: a killer of its own process, and neighbours that run beside it.

import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { pipelineOf } from "./engine.ts";

/** What the handlers do, told by whoever runs them. */
export interface CrashCourse {
  /** Called when a neighbour has begun; what it gives is waited for. */
  onNeighbour(signal: AbortSignal): Promise<void>;
  onKiller(attempt: number, signal: AbortSignal): Promise<void>;
}

export const NEIGHBOURS = 3;

export function crashPipeline(course: CrashCourse) {
  const neighbours = processor("neighbours", {
    phase: "all",
    criticality: "high",
    partitions: daily({ start: "2024-01-01", end: `2024-01-0${NEIGHBOURS}` }),
    run: (ctx) => course.onNeighbour(ctx.signal),
  });
  const killer = processor("killer", {
    phase: "all",
    run: (ctx) => course.onKiller(ctx.attempt, ctx.signal),
  });
  return pipelineOf(neighbours, killer);
}
