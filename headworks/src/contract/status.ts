// Status: what stands where, in short.

import { z } from "zod";
import { type OutputOf, question } from "./operation.ts";
import { queue } from "./queues.ts";
import { criticality, cut, instant, runId } from "./shape/names.ts";
import { outputCounts } from "./shape/output-counts.ts";
import { worker } from "./workers.ts";

const processor = z.strictObject({
  pipeline: z.string(),
  phase: z.string(),
  phase_index: z.int(),
  processor: z.string(),
  criticality,
  ...outputCounts,
});

const running = z.strictObject({
  run_id: runId,
  processor: z.string(),
  partition: z.string(),
  attempt: z.int(),
  claimed_at: instant,
});

export const showStatus = question({
  name: "status.show",
  summary: "Show what stands where: processors, runs in progress, queues, workers.",
  path: "/v1/status",
  input: z.strictObject({}),
  output: z.strictObject({
    processors: z.array(processor).describe("in the order of the pipelines"),
    running: z.array(running).describe("runs in progress, the longest first"),
    running_cut: cut,
    queues: z.array(queue),
    workers: z.array(worker),
  }),
});

export type Status = OutputOf<typeof showStatus>;
export type ProcessorStatus = Status["processors"][number];
export type RunningRun = Status["running"][number];
