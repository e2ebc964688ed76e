// What a settlement writes, each step one statement for the whole group; the engine puts them into one transaction.

import { inColumns, type RowOf } from "../arrays.ts";
import type { Connection, Executor } from "../database.ts";
import * as sql from "./settlement.queries.ts";

export type SettledOutputRow = RowOf<sql.SettleOutputsParams>;

/** The fence: which of these claims still hold. They stay locked until the transaction ends. */
export async function lockClaims(
  connection: Connection,
  claims: readonly { id: number; attempt: number }[],
  worker: string,
): Promise<Set<number>> {
  const rows = await sql.lockClaimedTasks(connection, {
    worker,
    id: claims.map((claim) => claim.id),
    attempt: claims.map((claim) => claim.attempt),
  });
  return new Set(rows.map((row) => row.id));
}

export async function insertRuns(connection: Connection, runs: readonly sql.RunRow[]): Promise<void> {
  if (runs.length > 0) await sql.insertRuns(connection, { runs });
}

export async function insertMetrics(
  connection: Connection,
  metrics: readonly sql.MetricRow[],
): Promise<void> {
  if (metrics.length > 0) await sql.insertMetrics(connection, { metrics });
}

export async function insertRejectedRows(
  connection: Connection,
  rejected: readonly sql.RejectedRow[],
): Promise<void> {
  if (rejected.length > 0) await sql.insertRejectedRows(connection, { rejected });
}

/** Counts what tasks of a namespace have failed with; a failure that was resolved is open again when it comes back. */
export async function recordFailures(
  connection: Connection,
  namespace: string,
  fingerprints: readonly string[],
  codeVersion: string,
): Promise<void> {
  if (fingerprints.length > 0)
    await sql.recordFailures(connection, { namespace, fingerprints, code_version: codeVersion });
}

/** Moves tasks whose claims and outputs the transaction has locked; gives how many of them are ready now. */
export async function moveTasks(connection: Connection, moves: readonly sql.TaskMoveRow[]): Promise<number> {
  if (moves.length === 0) return 0;
  return (await sql.moveTasks(connection, { moves })).ready;
}

export async function settleArtifacts(
  connection: Connection,
  artifacts: readonly sql.ArtifactRow[],
): Promise<void> {
  if (artifacts.length > 0) await sql.settleArtifacts(connection, { artifacts });
}

export async function deleteTasks(connection: Executor, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await sql.deleteTasks(connection, { ids });
}

export async function deleteStagedRows(executor: Executor, runs: readonly string[]): Promise<void> {
  if (runs.length > 0) await sql.deleteStagedRows(executor, { run_ids: runs });
}

/** Writes the ledger and tells what each row was before. */
export async function settleOutputs(
  connection: Connection,
  rows: readonly SettledOutputRow[],
): Promise<sql.WrittenOutput[]> {
  return rows.length === 0 ? [] : sql.settleOutputs(connection, inColumns(rows));
}
