// What a settlement writes, each step one statement for the whole group; the engine puts them into one transaction.

import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "ledger/settlement",
  "lockClaimedTasks",
  "insertRuns",
  "settleQuietRuns",
  "insertMetrics",
  "insertRejectedRows",
  "deleteTasks",
  "moveTasks",
  "recordFailures",
  "settleOutputs",
  "settleArtifacts",
  "publishArtifacts",
  "listUnpublishedArtifacts",
  "deleteStagedRows",
);
/** A row of `runs`, in its column names. */
export interface RunRow {
  id: string;
  task_id: number;
  output_id: number;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  attempt_used: boolean;
  outcome: string;
  reason: string | null;
  worker_id: string;
  code_version: string;
  traceparent: string | null;
  due_at: string;
  claimed_at: string;
  records: number;
  expected_min: number | null;
  expected_max: number | null;
  rows_inserted: number;
  rows_updated: number;
  rows_unchanged: number;
  rows_removed: number;
  rows_rejected: number;
  requests: number;
  logs_dropped: number;
  note: string | null;
  progress: { done: number; total: number | null } | null;
  error: object | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
}

export interface TaskMoveRow {
  task_id: number;
  state: string;
  delay_ms: number;
  uses_attempt: boolean;
  died_alone: boolean;
  alone: boolean;
  waits_for_processor: string | null;
  waits_for_partition: string | null;
  outcome: string;
  reason: string | null;
  error: string | null;
  /** Of a task that moves to `failed`; null of others. */
  fingerprint: string | null;
}

export interface SettledOutputRow {
  output_id: number;
  status: string;
  outcome: string;
  reason: string | null;
  vouched_by: string | null;
  records: number;
  expected_min: number | null;
  expected_max: number | null;
  run_id: string;
  changed: boolean;
  read_set: string | null;
}

export interface ArtifactRow {
  namespace: string;
  path: string;
  temporary_name: string;
  bytes: number;
  hash: string;
  processor: string;
  partition: string;
  run_id: string;
}

/** The fence: which of these claims still hold. They stay locked until the transaction ends. */
export async function lockClaims(
  connection: Connection,
  claims: readonly { id: number; attempt: number }[],
  worker: string,
): Promise<Set<number>> {
  const rows = await many<{ id: number }>(connection, sql.lockClaimedTasks, [
    claims.map((claim) => claim.id),
    claims.map(() => worker),
    claims.map((claim) => claim.attempt),
  ]);
  return new Set(rows.map((row) => row.id));
}

export const insertRuns = (connection: Connection, rows: readonly RunRow[]) =>
  insert(connection, sql.insertRuns, rows);

export const insertMetrics = (
  connection: Connection,
  rows: readonly { run_id: string; name: string; labels: Record<string, string>; value: number }[],
) => insert(connection, sql.insertMetrics, rows);

export const insertRejectedRows = (
  connection: Connection,
  rows: readonly { run_id: string; dataset: string; row: unknown; error: string }[],
) => insert(connection, sql.insertRejectedRows, rows);

/** Counts what tasks have failed with; a failure that was resolved is open again when it comes back. */
export async function recordFailures(
  connection: Connection,
  fingerprints: readonly string[],
  codeVersion: string,
): Promise<void> {
  if (fingerprints.length > 0) await exec(connection, sql.recordFailures, [fingerprints, codeVersion]);
}

/** Moves tasks whose claims and outputs the transaction has locked; gives how many of them are ready now. */
export async function moveTasks(connection: Connection, rows: readonly TaskMoveRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  return (await findOne<{ ready: number }>(connection, sql.moveTasks, [JSON.stringify(rows)]))?.ready ?? 0;
}

export const settleArtifacts = (connection: Connection, rows: readonly ArtifactRow[]) =>
  insert(connection, sql.settleArtifacts, rows);

export async function deleteTasks(connection: Executor, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await exec(connection, sql.deleteTasks, [ids]);
}

export async function deleteStagedRows(executor: Executor, runs: readonly string[]): Promise<void> {
  if (runs.length > 0) await exec(executor, sql.deleteStagedRows, [runs]);
}

/** A row of the ledger that was written, and what it was before. */
export interface WrittenOutput {
  id: number;
  status_before: string;
  reason_before: string | null;
  /** Whether it had ever settled. */
  settled_before: boolean;
  status: string;
  /** Whether the run changed its rows. */
  changed: boolean;
}

/** Writes the ledger and tells what each row was before. */
export async function settleOutputs(
  connection: Connection,
  rows: readonly SettledOutputRow[],
): Promise<WrittenOutput[]> {
  if (rows.length === 0) return [];
  return many<WrittenOutput & Record<string, unknown>>(connection, sql.settleOutputs, [
    rows.map((row) => row.output_id),
    rows.map((row) => row.status),
    rows.map((row) => row.outcome),
    rows.map((row) => row.reason),
    rows.map((row) => row.vouched_by),
    rows.map((row) => row.records),
    rows.map((row) => row.expected_min),
    rows.map((row) => row.expected_max),
    rows.map((row) => row.run_id),
    rows.map((row) => row.changed),
    rows.map((row) => row.read_set),
  ]);
}

export async function publishArtifacts(executor: Executor, temporaryNames: readonly string[]): Promise<void> {
  if (temporaryNames.length > 0) await exec(executor, sql.publishArtifacts, [temporaryNames]);
}

export async function listUnpublishedArtifacts(
  executor: Executor,
): Promise<{ namespace: string; path: string; temporary_name: string; overdue: boolean }[]> {
  return many(executor, sql.listUnpublishedArtifacts);
}

async function insert(
  connection: Connection,
  query: (typeof sql)[keyof typeof sql],
  rows: readonly object[],
) {
  if (rows.length > 0) await exec(connection, query, [JSON.stringify(rows)]);
}
