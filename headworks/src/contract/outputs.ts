// Outputs: the ledger of what ought to exist, and asking for a run of one.

import { z } from "zod";
import { action, type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";
import { instant, named, outcome, outputStatus, reason, runId, taskState } from "./shape/names.ts";

/** What every answer says of an output. */
export const outputFields = {
  id: z.int(),
  pipeline: z.string(),
  phase: z.string(),
  processor: z.string(),
  partition: z.string(),
  status: outputStatus,
  outcome: outcome.nullable().describe("of its last run; null before the first"),
  reason,
  vouched_by: z
    .string()
    .nullable()
    .describe("of an empty output: who said that this is right; `nobody` is possible"),
  records: z.int().nullable(),
  expected_min: z.int().nullable().describe("records; null when nothing said what to expect"),
  expected_max: z.int().nullable(),
  opens_at: instant.describe("from then on it is expected"),
  expected_by: instant.nullable(),
  settled_at: instant.nullable(),
  overdue: z.boolean().describe("past `expected_by` and not settled"),
  task_state: taskState.nullable().describe("null without a task"),
  task_due_at: instant.nullable(),
  attempts_used: z.int().nullable(),
  run_id: runId.nullable().describe("the run that settled it"),
};

export const listOutputs = question({
  name: "outputs.list",
  summary: "List outputs by processor, the latest partitions first.",
  path: "/v1/outputs",
  input: z.strictObject({
    processor: named.optional(),
    phase: named.optional(),
    status: outputStatus.optional(),
    partition: z.string().min(1).optional(),
    overdue: z.boolean().default(false).describe("only those past their time and not settled"),
    ...pageInput,
  }),
  output: pageOf(
    z.strictObject({ ...outputFields, last_error: z.string().nullable().describe("of its last try") }),
  ),
});

export const runOutput = action({
  name: "outputs.run",
  summary:
    "Ask for a run of one output now; one that the partitions cover and that isn't in the ledger yet is planned.",
  path: "/v1/outputs/run",
  createsWork: true,
  input: z.strictObject({
    processor: z.string().min(1),
    partition: z.string().min(1).optional().describe("left out for a processor with one output"),
    from_archive: z
      .boolean()
      .default(false)
      .describe("read what the sources answered last, without the network"),
    forced: z.boolean().default(false).describe("run although nothing that it reads has changed"),
  }),
  output: z.strictObject({
    output_id: z.int(),
    processor: z.string(),
    partition: z.string(),
    state: z.enum(["ready", "running"]).describe("`running`: it runs already, and was left alone"),
    run_before: z
      .uuid()
      .nullable()
      .describe("the last run of it that had ended by then; what ends next is what was asked for"),
  }),
});

export type Output = OutputOf<typeof listOutputs>["items"][number];
