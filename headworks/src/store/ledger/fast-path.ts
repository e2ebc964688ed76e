// The settlement of quiet runs: those that succeeded and left nothing but counts, as most do. All in one statement.

import { numberArray, textArray } from "../arrays.ts";
import type { Connection } from "../database.ts";
import { many, queriesOf } from "../sql.ts";
import type { WrittenOutput } from "./settlement.ts";

const sql = queriesOf("ledger/settlement", "settleQuietRuns");

/** What of a quiet run isn't in its task. */
export interface QuietRunRow {
  task_id: number;
  output_id: number;
  attempt: number;
  traceparent: string | null;
  records: number;
  expected_min: number | null;
  expected_max: number | null;
  rows_inserted: number;
  rows_updated: number;
  rows_unchanged: number;
  rows_removed: number;
  requests: number;
  read_set: string | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
}

/** Settles them under the fence: a run without a row of the ledger in the answer has lost its claim. */
export async function settleQuietRuns(
  connection: Connection,
  { worker, codeVersion }: { worker: string; codeVersion: string },
  rows: readonly QuietRunRow[],
): Promise<WrittenOutput[]> {
  if (rows.length === 0) return [];
  // A column in which no run has anything, as most often, isn't sent: the statement takes what is missing for null, or 0.
  const numbers = (value: (row: QuietRunRow) => number | null) =>
    numberArray(rows.some((row) => value(row) !== null) ? rows.map(value) : []);
  const counts = (value: (row: QuietRunRow) => number) =>
    numberArray(rows.some((row) => value(row) > 0) ? rows.map(value) : []);
  return many<WrittenOutput & Record<string, unknown>>(connection, sql.settleQuietRuns, [
    worker,
    codeVersion,
    numbers((row) => row.task_id),
    numbers((row) => row.attempt),
    numbers((row) => row.output_id),
    textArray(rows.map((row) => row.traceparent)),
    counts((row) => row.records),
    numbers((row) => row.expected_min),
    numbers((row) => row.expected_max),
    counts((row) => row.rows_inserted),
    counts((row) => row.rows_updated),
    counts((row) => row.rows_unchanged),
    counts((row) => row.rows_removed),
    counts((row) => row.requests),
    textArray(rows.some((row) => row.read_set !== null) ? rows.map((row) => row.read_set) : []),
    numbers((row) => row.cpu_ms),
    numbers((row) => row.peak_memory_bytes),
  ]);
}
