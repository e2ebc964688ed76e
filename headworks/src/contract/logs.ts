// Logs: the lines that runs wrote.

import { z } from "zod";
import { SEVERITIES } from "../domain/severity.ts";
import { type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";
import { instant, named, outcome, runId } from "./shape/names.ts";

/** Lines are short, and more of them are read at once than of other lists. */
export const LOG_LIMIT = { min: 1, max: 100_000, default: 100 } as const;

/** `headworks logs --json` writes one on each line. */
export const logLine = z.strictObject({
  run: runId,
  seq: z.int().describe("counts the lines of the run, from 1"),
  at: instant.describe("by the clock of the process that ran it"),
  severity: z.enum(SEVERITIES),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).nullable(),
  namespace: z.string(),
  processor: z.string(),
  partition: z.string(),
  attempt: z.int(),
  outcome: outcome.nullable().describe("of the run; null while it is in progress"),
});

export const searchLogs = question({
  name: "logs.search",
  summary: "Search the lines that runs logged. A page has the newest that fit, the newest last.",
  path: "/v1/logs",
  input: z.strictObject({
    run: z.string().min(1).max(36).optional().describe("the id of a run, or its beginning"),
    processor: named.optional(),
    partition: z.string().min(1).optional(),
    outcome: outcome.optional().describe("of runs that ended so"),
    severity: z.enum(SEVERITIES).optional().describe("this one and those more severe"),
    field: z
      .strictObject({ name: named, value: z.string() })
      .optional()
      .describe("a field, or one within another (`error.code`), that is exactly this as text"),
    text: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe("anywhere in the message or the fields, in any case"),
    since: instant.optional(),
    limit: z.int().min(LOG_LIMIT.min).max(LOG_LIMIT.max).default(LOG_LIMIT.default),
    cursor: pageInput.cursor,
  }),
  output: pageOf(logLine),
});

export type FoundLine = OutputOf<typeof searchLogs>["items"][number];
