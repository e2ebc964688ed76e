// The queries of workers.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("workers.sql", import.meta.url));

/** A runner process; what it says of itself is null until its first word. */
export interface WorkerRow {
  id: string;
  namespace: string;
  host: string;
  process_key: string;
  code_version: string;
  concurrency: number;
  started_at: string;
  lease_expires_at: string;
  lease_expired: boolean;
  memory_bytes: number | null;
  loop_delay_ms: number | null;
  pool_connections: number | null;
  pool_waiting: number | null;
  vitals_at: string | null;
  running: number;
}

/** A run that a worker holds now. */
export interface WorkerRun {
  worker_id: string;
  run_id: string;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  claimed_at: string;
  running_ms: number;
}

/** A task whose worker is gone, locked by the caller; after a restore the worker is unknown, since workers are not in a backup. */
export interface OrphanedTask {
  id: number;
  output_id: number;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  attempts_used: number;
  alone: boolean;
  deaths_alone: number;
  waiting_since: string | null;
  first_claimed_at: string | null;
  worker_id: string;
  run_id: string;
  due_at: string;
  claimed_at: string;
  held_ms: number;
  traceparent: string | null;
  from_archive: boolean;
  forced: boolean;
  rerun: boolean;
  code_version: string;
  worker_known: boolean;
}

export interface RegisterWorkerParams {
  id: string;
  host: string;
  process_key: string;
  code_version: string;
  concurrency: number;
  lease_ms: number;
  namespace: string;
}

/** A runner process takes up work, under a lease. */
export const registerWorker = queries.exec<RegisterWorkerParams>("registerWorker");

export interface RenewLeasesParams {
  ids: readonly string[];
  lease_ms: number;
}

export interface RenewLeasesRow {
  id: string;
}

/** The supervisor's sign of life for its runners; a worker that is missing in the answer was taken over. */
export const renewLeases = queries.many<RenewLeasesParams, RenewLeasesRow>("renewLeases");

export interface RecordVitalsParams {
  id: string;
  memory_bytes: number;
  loop_delay_ms: number;
  pool_connections: number;
  pool_waiting: number;
}

/** What a process says of itself. */
export const recordVitals = queries.exec<RecordVitalsParams>("recordVitals");

export interface RemoveWorkerParams {
  id: string;
}

/** A runner that has settled or released everything leaves. */
export const removeWorker = queries.exec<RemoveWorkerParams>("removeWorker");

/** Every runner process, with what it runs. */
export const listWorkers = queries.many<void, WorkerRow>("listWorkers");

/** What every runner process runs now, and for how long by the database's clock. */
export const listWorkerRuns = queries.many<void, WorkerRun>("listWorkerRuns");

export interface ExpireLeasesParams {
  ids: readonly string[];
}

/** Ends the leases of workers whose process is known to be gone. */
export const expireLeases = queries.exec<ExpireLeasesParams>("expireLeases");

export interface LockOrphanedTasksParams {
  limit: number;
  known: readonly string[];
  namespace: string;
}

/** Running tasks of a namespace whose worker's lease has run out, or whose worker is gone, in small batches: of the processors that the caller knows, and of those that are in no configuration any more. */
export const lockOrphanedTasks = queries.many<LockOrphanedTasksParams, OrphanedTask>("lockOrphanedTasks");

export interface RemoveDeadWorkersRow {
  id: string;
}

/** Workers whose lease has run out and that hold nothing any more. */
export const removeDeadWorkers = queries.many<void, RemoveDeadWorkersRow>("removeDeadWorkers");
