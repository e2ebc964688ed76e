// Workers and their leases: one row per runner process, renewed by its supervisor whatever the number of runs.

import type { Executor } from "../database.ts";
import { exec, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "queue/workers",
  "registerWorker",
  "renewLeases",
  "recordVitals",
  "removeWorker",
  "listWorkers",
  "listWorkerRuns",
  "expireLeases",
  "lockOrphanedTasks",
  "removeDeadWorkers",
);

export interface WorkerIdentity {
  id: string;
  /** Where it claims. */
  namespace: string;
  host: string;
  /** Tells, on the same host, whether the process still lives. */
  processKey: string;
  codeVersion: string;
  concurrency: number;
}

/** The process id in a process key. */
export function pidOf(processKey: string): number {
  return Number(processKey.split(":")[1]);
}

export interface WorkerVitals {
  /** Resident memory. */
  memoryBytes: number;
  /** The longest that the event loop was held up since the last word. */
  loopDelayMs: number;
  /** Connections of its pools, and queries that wait for one. */
  poolConnections: number;
  poolWaiting: number;
}

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
  /** The vitals are null until its first word. */
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

/** A task whose worker is gone, locked by the caller's transaction. */
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
  /** Since its claim, by the database's clock. */
  held_ms: number;
  traceparent: string | null;
  code_version: string;
  /** False after a restore: workers are not in a backup. */
  worker_known: boolean;
}

export async function registerWorker(
  executor: Executor,
  worker: WorkerIdentity,
  leaseMs: number,
): Promise<void> {
  const { id, namespace, host, processKey, codeVersion, concurrency } = worker;
  await exec(executor, sql.registerWorker, [
    ...[id, host, processKey, codeVersion, concurrency, leaseMs, namespace],
  ]);
}

/** Renews the leases and gives the ids of those that are still held. */
export async function renewLeases(
  executor: Executor,
  ids: readonly string[],
  leaseMs: number,
): Promise<Set<string>> {
  const rows = await many<{ id: string }>(executor, sql.renewLeases, [ids, leaseMs]);
  return new Set(rows.map((row) => row.id));
}

export async function recordVitals(executor: Executor, id: string, vitals: WorkerVitals): Promise<void> {
  const { memoryBytes, loopDelayMs, poolConnections, poolWaiting } = vitals;
  await exec(executor, sql.recordVitals, [id, memoryBytes, loopDelayMs, poolConnections, poolWaiting]);
}

/** Takes the worker's row away, unless it still holds tasks: then the lease runs out and they are rescued. */
export async function removeWorker(executor: Executor, id: string): Promise<void> {
  await exec(executor, sql.removeWorker, [id]);
}

export async function listWorkers(executor: Executor): Promise<WorkerRow[]> {
  return many<WorkerRow>(executor, sql.listWorkers);
}

/** What all workers run now, the oldest first. */
export async function listWorkerRuns(executor: Executor): Promise<WorkerRun[]> {
  return many<WorkerRun>(executor, sql.listWorkerRuns);
}

export async function expireLeases(executor: Executor, ids: readonly string[]): Promise<void> {
  await exec(executor, sql.expireLeases, [ids]);
}

/** Tasks of a namespace; of processors that neither `known` has nor the registered configuration has dropped are left to whoever knows them. */
export async function lockOrphanedTasks(
  executor: Executor,
  namespace: string,
  limit: number,
  known: readonly string[],
): Promise<OrphanedTask[]> {
  return many<OrphanedTask>(executor, sql.lockOrphanedTasks, [limit, known, namespace]);
}

/** Forgets workers whose lease ran out and that hold nothing; gives their ids. */
export async function removeDeadWorkers(executor: Executor): Promise<string[]> {
  return (await many<{ id: string }>(executor, sql.removeDeadWorkers)).map((row) => row.id);
}
