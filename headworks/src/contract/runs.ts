// Runs: the history, and the details of one with its output.

import { z } from "zod";
import { logLine } from "./logs.ts";
import { type OutputOf, question } from "./operation.ts";
import { outputFields } from "./outputs.ts";
import { pageInput, pageOf } from "./page.ts";
import {
  criticality,
  cut,
  fingerprint,
  instant,
  named,
  outcome,
  outputStatus,
  reason,
  runId,
  taskState,
} from "./shape/names.ts";

const count = z.int().nullable().describe("null while it runs");

const runFields = {
  id: runId.describe("ids are in the order of time"),
  attempt: z.int(),
  outcome: outcome.nullable().describe("null while it runs"),
  reason,
  due_at: instant,
  claimed_at: instant,
  ended_at: instant.nullable(),
  records: count,
  rows_inserted: count,
  rows_updated: count,
  rows_unchanged: count,
  rows_removed: count,
  rows_rejected: count,
  requests: count,
  note: z.string().nullable().describe("what the processor said"),
};

export const listRuns = question({
  name: "runs.list",
  summary: "List runs, the latest first, with those in progress.",
  path: "/v1/runs",
  input: z.strictObject({
    processor: named.optional(),
    partition: z.string().min(1).optional(),
    outcome: outcome.optional(),
    since: instant.optional().describe("claimed since"),
    ...pageInput,
  }),
  output: pageOf(
    z.strictObject({
      ...runFields,
      processor: z.string(),
      partition: z.string(),
      error: z.string().nullable().describe("its message"),
    }),
  ),
});

const attempt = z.strictObject({
  ...runFields,
  fingerprint: fingerprint.nullable().describe("of its cause; null of a success"),
  attempt_used: z.boolean().nullable().describe("whether it counts against the attempts that a task has"),
  duration_ms: z.int().nullable(),
  expected_min: z.int().nullable(),
  expected_max: z.int().nullable(),
  progress: z.strictObject({ done: z.number(), total: z.number().nullable() }).nullable(),
  error: z
    .strictObject({
      name: z.string(),
      code: z.string().nullable(),
      message: z.string(),
      hint: z.string().nullable(),
      stack: z.string().nullable(),
    })
    .nullable(),
  logs_dropped: z.int().nullable().describe("lines that were too many and are not kept"),
  worker_id: z.uuid(),
  code_version: z.string().nullable(),
  traceparent: z.string().nullable().describe("W3C trace context"),
  cpu_ms: z.int().nullable().describe("null unless it was alone in its process"),
  peak_memory_bytes: z.int().nullable(),
});

const neighbor = z.strictObject({
  processor: z.string(),
  partition: z.string(),
  status: outputStatus,
  task_state: taskState.nullable(),
  mode: z.string().describe("`required` or `optional`"),
  accepts_degraded: z.boolean(),
  same_trace: z.boolean().describe("whether one of the two released the other"),
});

const request = z.strictObject({
  source: z.string(),
  method: z.string(),
  url: z.string(),
  status: z.int(),
  duration_ms: z.int(),
  bytes: z.int(),
  hash: z.string().describe("SHA-256 of the body: its name in the archive"),
  fetched_at: instant,
});

/** An output and one of its runs, as `runs show` and `run` tell it. */
export const runDetails = z.strictObject({
  output: z.strictObject({
    ...outputFields,
    criticality,
    waits_for: z.string().nullable().describe("the output that its task waits for by name"),
  }),
  run: attempt.nullable().describe("null before the first"),
  payload: z.unknown().describe("the JSON value that was handed over; null when none was"),
  metrics: z.array(
    z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() }),
  ),
  requests: z.array(request).describe("the first ones"),
  requests_cut: cut,
  rejected: z
    .array(z.strictObject({ dataset: z.string(), row: z.unknown(), error: z.string() }))
    .describe("the first rows that were rejected"),
  rejected_cut: cut,
  artifacts: z.array(
    z.strictObject({ path: z.string(), state: z.string(), bytes: z.int(), hash: z.string() }),
  ),
  logs: z.array(logLine).describe("the last lines, the newest last"),
  logs_cut: cut,
  needs: z.array(neighbor),
  needs_cut: cut,
  needed_by: z.array(neighbor),
  needed_by_cut: cut,
  attempts: z.array(attempt).describe("every run of the output, this one too, the last first"),
  attempts_cut: cut,
});

export const showRun = question({
  name: "runs.show",
  summary:
    "Show an output and one of its runs: by the run's id (or its beginning), or by processor and partition.",
  path: "/v1/runs/{named}",
  input: z.strictObject({
    named: named.describe("a run's id, its beginning, or a processor"),
    partition: z.string().min(1).optional().describe("with a processor that has more than one"),
  }),
  output: runDetails,
});

export type Run = OutputOf<typeof listRuns>["items"][number];
export type RunDetails = OutputOf<typeof showRun>;
export type Attempt = z.output<typeof attempt>;
export type RunNeighbor = RunDetails["needs"][number];
export type KeptRequest = RunDetails["requests"][number];
