// The pipeline of the tests of crashes: a killer of its own process, and neighbors that run beside it.

import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { pipelineOf } from "./engine.ts";

/** What the handlers do, told by whoever runs them. */
export interface CrashCourse {
  /** Called when a neighbor has begun; what it gives is waited for. */
  onNeighbor(signal: AbortSignal): Promise<void>;
  onKiller(attempt: number, signal: AbortSignal): Promise<void>;
}

export const NEIGHBORS = 3;

export function crashPipeline(course: CrashCourse) {
  const neighbors = processor("neighbors", {
    phase: "all",
    criticality: "high",
    partitions: daily({ start: "2024-01-01", end: `2024-01-0${NEIGHBORS}` }),
    run: (ctx) => course.onNeighbor(ctx.signal),
  });
  const killer = processor("killer", {
    phase: "all",
    run: (ctx) => course.onKiller(ctx.attempt, ctx.signal),
  });
  return pipelineOf(neighbors, killer);
}
