// New rows of the ledger, many at once: with their tasks where they need nothing.

import type { Executor } from "../database.ts";
import * as sql from "./planning.queries.ts";

export interface OutputRow {
  processor: string;
  partition: string;
  /** Epoch milliseconds; null is now, by the database's clock. */
  opensAtMs: number | null;
  expectedByMs: number | null;
}

/** Inserts outputs and gives those that are new; the caller releases them. */
export async function insertOutputs(
  executor: Executor,
  namespace: string,
  rows: readonly OutputRow[],
): Promise<sql.OutputKey[]> {
  return rows.length === 0 ? [] : sql.insertOutputs(executor, columnsOf(namespace, rows));
}

/** Inserts outputs that need nothing, each with its task; gives how many of both are new. */
export async function insertFreeOutputs(
  executor: Executor,
  namespace: string,
  rows: readonly OutputRow[],
): Promise<sql.InsertFreeOutputsRow> {
  if (rows.length === 0) return { outputs: 0, released: 0 };
  return sql.insertFreeOutputs(executor, columnsOf(namespace, rows));
}

/** In one order for everybody: two planners that want the same rows wait for each other, and never in a circle. */
function columnsOf(namespace: string, rows: readonly OutputRow[]): sql.InsertOutputsParams {
  const ordered = rows.toSorted(
    (a, b) => compare(a.processor, b.processor) || compare(a.partition, b.partition),
  );
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  return {
    namespace,
    processor: ordered.map((row) => row.processor),
    partition: ordered.map((row) => row.partition),
    opens: ordered.map((row) => seconds(row.opensAtMs)),
    expected_by: ordered.map((row) => seconds(row.expectedByMs)),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
