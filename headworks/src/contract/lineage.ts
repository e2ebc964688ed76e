// Lineage: what one row came from.

import { z } from "zod";
import { type OutputOf, question } from "./operation.ts";
import { instant, named, runId } from "./shape/names.ts";

const row = z
  .looseObject({ _processor: z.string(), _partition: z.string(), _run: runId })
  .describe("the columns of its dataset, and where it is from");

const foundRows = z.strictObject({
  dataset: z.string(),
  key: z.array(z.string()).describe("its columns"),
  total: z.int(),
  first: z.array(row),
});

const response = z.strictObject({
  run_id: runId,
  source: z.string(),
  method: z.string(),
  url: z.string(),
  status: z.int(),
  hash: z.string().describe("SHA-256 of the body: its name in the archive"),
  fetched_at: instant,
});

const step = z.strictObject({
  processor: z.string(),
  partitions: z.array(z.string()),
  runs: z.array(z.string()).describe("that changed these rows, or the partitions, last"),
  rows: z.array(foundRows),
  by_item: z
    .boolean()
    .describe("whether the rows could be told apart; otherwise they are all of the partitions"),
  through: z
    .array(z.string())
    .describe("processors at which the row was lost; from there on whole partitions are followed"),
  responses: z
    .strictObject({ total: z.int(), first: z.array(response) })
    .describe("of sources to these runs"),
});

export const traceLineage = question({
  name: "lineage.trace",
  summary: "Trace a row back to the rows, runs and responses that it came from, processor by processor.",
  path: "/v1/datasets/{dataset}/lineage",
  input: z.strictObject({
    dataset: named,
    key: z
      .array(z.string().max(1_000))
      .min(1)
      .max(32)
      .describe("the values of the row's key in their order, or each as name=value"),
  }),
  output: z.strictObject({ row, steps: z.array(step).describe("the nearest first") }),
});

export type Lineage = OutputOf<typeof traceLineage>;
export type LineageStep = Lineage["steps"][number];
export type FoundRows = LineageStep["rows"][number];
export type OriginRow = Lineage["row"];
export type SourceResponse = LineageStep["responses"]["first"][number];
