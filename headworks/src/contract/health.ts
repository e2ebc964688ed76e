// Health: what is really wrong, and what to do next.

import { z } from "zod";
import { PROBLEM_KINDS } from "../domain/settlement/problem.ts";
import { type OutputOf, question } from "./operation.ts";
import { criticality, fingerprint, instant, outcome, reason, runId } from "./shape/names.ts";
import { nextStep } from "./shape/next-step.ts";
import { outputCounts } from "./shape/output-counts.ts";

const phase = z.strictObject({ pipeline: z.string(), phase: z.string(), ...outputCounts });

const cause = z.strictObject({
  pipeline: z.string(),
  phase: z.string(),
  processor: z.string(),
  criticality,
  kind: z
    .enum(PROBLEM_KINDS)
    .describe("`running`, `queued` and `blocked` are causes only when they are overdue"),
  outcome: outcome.nullable(),
  reason,
  fingerprint: fingerprint.nullable().describe("of the cause; null of what has not ended yet"),
  outputs: z.int().describe("how many have this cause"),
  overdue: z.int().describe("of these, past the time by which they are expected"),
  unbounded: z.int().describe("of these, without a time by which they are expected"),
  given_up: z.int().describe("of these, nothing tries them again"),
  since: instant.describe("since when the first of them has it"),
  partition: z.string().describe("of the latest output, as are `message`, `records` and `run_id`"),
  message: z.string().describe("what the run said; empty when it said nothing"),
  records: z.int().nullable(),
  expected_min: z.int().nullable(),
  run_id: runId.nullable(),
  blocks: z.int().describe("outputs downstream that wait for these, directly or not"),
  wrong: z.boolean().describe("whether it makes the verdict bad; otherwise it may heal by itself"),
  what: z.string().describe("the cause in words"),
  next: nextStep,
});

const note = z.strictObject({ message: z.string(), next: nextStep.nullable() });

/** The report, as `health` answers it and as `start --until-settled` ends with it. */
export const healthReport = z.strictObject({
  verdict: z.enum(["good", "bad"]),
  complete: z.boolean().describe("whether all that is expected is complete, empty or waived"),
  headline: z.string(),
  totals: z.strictObject(outputCounts),
  phases: z.array(phase).describe("in the order of the pipelines"),
  reasons: z.array(cause).describe("the causes: the wrong ones first, then the most critical"),
  reasons_cut: z.boolean().describe("whether there are more causes than are listed"),
  notes: z.array(note).describe("what a person should know of the whole"),
});

export const showHealth = question({
  name: "health.show",
  summary: "Say what is really wrong, and what to do next.",
  path: "/v1/health",
  input: z.strictObject({}),
  output: healthReport,
});

export type HealthReport = OutputOf<typeof showHealth>;
export type PhaseHealth = HealthReport["phases"][number];
export type HealthReason = HealthReport["reasons"][number];
export type HealthNote = HealthReport["notes"][number];
