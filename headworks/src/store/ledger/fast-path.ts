// The fast path of settlement: runs that succeeded and left nothing but counts, as most do. All in one statement.

import { inColumns, type RowOf } from "../arrays.ts";
import type { Connection } from "../database.ts";
import * as sql from "./settlement.queries.ts";

/** What of a run on the fast path isn't in its task. */
export type FastPathRow = RowOf<Omit<sql.SettleOnFastPathParams, "worker" | "code_version">>;

/** Settles them under the fence: a run without a row of the ledger in the answer has lost its claim. */
export async function settleOnFastPath(
  connection: Connection,
  { worker, codeVersion }: { worker: string; codeVersion: string },
  rows: readonly FastPathRow[],
): Promise<sql.WrittenOutput[]> {
  if (rows.length === 0) return [];
  const columns = inColumns(rows);
  return sql.settleOnFastPath(connection, {
    ...columns,
    worker,
    code_version: codeVersion,
    // A column in which no run has anything, as most often, isn't sent: the statement takes what is missing for null, or 0.
    traceparent: unlessNull(columns.traceparent),
    records: unlessZero(columns.records),
    expected_min: unlessNull(columns.expected_min),
    expected_max: unlessNull(columns.expected_max),
    rows_inserted: unlessZero(columns.rows_inserted),
    rows_updated: unlessZero(columns.rows_updated),
    rows_unchanged: unlessZero(columns.rows_unchanged),
    rows_removed: unlessZero(columns.rows_removed),
    requests: unlessZero(columns.requests),
    read_set: unlessNull(columns.read_set),
    cpu_ms: unlessNull(columns.cpu_ms),
    peak_memory_bytes: unlessNull(columns.peak_memory_bytes),
  });
}

function unlessNull<T>(column: (T | null)[]): (T | null)[] {
  return column.some((value) => value !== null) ? column : [];
}

function unlessZero(column: number[]): number[] {
  return column.some((value) => value > 0) ? column : [];
}
