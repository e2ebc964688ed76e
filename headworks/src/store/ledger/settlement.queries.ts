// The queries of settlement.sql, with the types that their headers declare. Written by npm run queries.

import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { KeptError, Labels, Progress } from "../../domain/settlement/run-record.ts";
import type { Voucher } from "../../domain/settlement/settle.ts";
import type { LedgerStatus, TaskState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("settlement.sql", import.meta.url));

export interface RunRow {
  id: string;
  task_id: number;
  output_id: number;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  attempt_used: boolean;
  outcome: Outcome;
  reason: string | null;
  fingerprint: string | null;
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
  progress: Progress | null;
  error: KeptError | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
}

export interface MetricRow {
  run_id: string;
  name: string;
  labels: Labels;
  value: number;
}

export interface RejectedRow {
  run_id: string;
  dataset: string;
  row: unknown;
  error: string;
}

export interface TaskMoveRow {
  task_id: number;
  state: TaskState;
  delay_ms: number;
  uses_attempt: boolean;
  died_alone: boolean;
  alone: boolean;
  waits_for_processor: string | null;
  waits_for_partition: string | null;
  outcome: Outcome;
  reason: string | null;
  error: string | null;
  fingerprint: string;
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

export interface WrittenOutput {
  id: number;
  status_before: LedgerStatus;
  reason_before: string | null;
  settled_before: boolean;
  status: LedgerStatus;
  changed: boolean;
}

export interface LockClaimedTasksParams {
  worker: string;
  id: readonly number[];
  attempt: readonly number[];
}

export interface LockClaimedTasksRow {
  id: number;
}

/** The fence: of these attempts of a worker, those that still hold; locked until the settlement commits. */
export const lockClaimedTasks = queries.many<LockClaimedTasksParams, LockClaimedTasksRow>("lockClaimedTasks");

export interface InsertRunsParams {
  runs: readonly RunRow[];
}

/** The history of these runs; one that is there already was settled by a commit whose answer got lost, or was taken for dead. */
export const insertRuns = queries.exec<InsertRunsParams>("insertRuns");

export interface SettleOnFastPathParams {
  worker: string;
  code_version: string;
  task_id: readonly number[];
  attempt: readonly number[];
  output_id: readonly number[];
  traceparent: readonly (string | null)[];
  records: readonly number[];
  expected_min: readonly (number | null)[];
  expected_max: readonly (number | null)[];
  rows_inserted: readonly number[];
  rows_updated: readonly number[];
  rows_unchanged: readonly number[];
  rows_removed: readonly number[];
  requests: readonly number[];
  read_set: readonly (string | null)[];
  cpu_ms: readonly (number | null)[];
  peak_memory_bytes: readonly (number | null)[];
}

/** The ledger, the fence, the end of the task and the history in one go, of runs that succeeded and left nothing but counts. One that is missing in the answer has lost its claim, and nothing of it is written. */
export const settleOnFastPath = queries.many<SettleOnFastPathParams, WrittenOutput>("settleOnFastPath");

export interface InsertMetricsParams {
  metrics: readonly MetricRow[];
}

/** What the runs measured. */
export const insertMetrics = queries.exec<InsertMetricsParams>("insertMetrics");

export interface InsertRejectedRowsParams {
  rejected: readonly RejectedRow[];
}

/** Rows that didn't fit their schema, each with its error. */
export const insertRejectedRows = queries.exec<InsertRejectedRowsParams>("insertRejectedRows");

export interface DeleteTasksParams {
  ids: readonly number[];
}

/** Tasks that are done: their runs are their history. */
export const deleteTasks = queries.exec<DeleteTasksParams>("deleteTasks");

export interface MoveTasksParams {
  moves: readonly TaskMoveRow[];
}

export interface MoveTasksRow {
  ready: number;
}

/** Running → scheduled, ready, waiting or failed, as the settlement table decided. What it would wait for may have settled since its claim, when nobody could wake it: it is ready then. */
export const moveTasks = queries.one<MoveTasksParams, MoveTasksRow>("moveTasks");

export interface RecordFailuresParams {
  namespace: string;
  fingerprints: readonly string[];
  code_version: string;
}

/** Counts what tasks of a namespace have failed with, in this code version; reopens what comes back, and what was ignored for long enough or fails too often. */
export const recordFailures = queries.exec<RecordFailuresParams>("recordFailures");

export interface SettleOutputsParams {
  output_id: readonly number[];
  status: readonly LedgerStatus[];
  outcome: readonly Outcome[];
  reason: readonly (string | null)[];
  fingerprint: readonly (string | null)[];
  vouched_by: readonly (Voucher | null)[];
  records: readonly number[];
  expected_min: readonly (number | null)[];
  expected_max: readonly (number | null)[];
  run_id: readonly string[];
  changed: readonly boolean[];
  read_set: readonly (string | null)[];
}

/** The ledger rows of these runs; tells what each was before. One that is expected again since an upstream healed stays marked until it settles. */
export const settleOutputs = queries.many<SettleOutputsParams, WrittenOutput>("settleOutputs");

export interface SettleArtifactsParams {
  artifacts: readonly ArtifactRow[];
}

/** Files whose run settled; they are renamed after the commit. */
export const settleArtifacts = queries.exec<SettleArtifactsParams>("settleArtifacts");

export interface DeleteStagedRowsParams {
  run_ids: readonly string[];
}

/** Staged rows of runs that have ended. */
export const deleteStagedRows = queries.exec<DeleteStagedRowsParams>("deleteStagedRows");
