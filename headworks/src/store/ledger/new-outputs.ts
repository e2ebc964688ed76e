// New rows of the ledger, many at once: with their tasks where they need nothing.

import { numberArray, textArray } from "../arrays.ts";
import type { Executor } from "../database.ts";
import { findOne, many, queriesOf } from "../sql.ts";
import type { OutputKey } from "./planning.ts";

const sql = queriesOf("ledger/planning", "insertOutputs", "insertFreeOutputs");

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
): Promise<OutputKey[]> {
  if (rows.length === 0) return [];
  return many<OutputKey & Record<string, unknown>>(executor, sql.insertOutputs, columnsOf(namespace, rows));
}

/** Inserts outputs that need nothing, each with its task; gives how many of both are new. */
export async function insertFreeOutputs(
  executor: Executor,
  namespace: string,
  rows: readonly OutputRow[],
): Promise<{ outputs: number; released: number }> {
  const none = { outputs: 0, released: 0 };
  if (rows.length === 0) return none;
  return (await findOne<typeof none>(executor, sql.insertFreeOutputs, columnsOf(namespace, rows))) ?? none;
}

/** In one order for everybody: two planners that want the same rows wait for each other, and never in a circle. */
function columnsOf(namespace: string, rows: readonly OutputRow[]): unknown[] {
  const ordered = rows.toSorted(
    (a, b) => compare(a.processor, b.processor) || compare(a.partition, b.partition),
  );
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  return [
    namespace,
    textArray(ordered.map((row) => row.processor)),
    textArray(ordered.map((row) => row.partition)),
    numberArray(ordered.map((row) => seconds(row.opensAtMs))),
    numberArray(ordered.map((row) => seconds(row.expectedByMs))),
  ];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
