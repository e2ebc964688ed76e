// Workers and their leases: one row per runner process, renewed by its supervisor whatever the number of runs.

import type { Executor } from "../database.ts";
import * as sql from "./workers.queries.ts";

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

export async function registerWorker(
  executor: Executor,
  worker: WorkerIdentity,
  leaseMs: number,
): Promise<void> {
  const { id, namespace, host, processKey, codeVersion, concurrency } = worker;
  await sql.registerWorker(executor, {
    id,
    host,
    process_key: processKey,
    code_version: codeVersion,
    concurrency,
    lease_ms: leaseMs,
    namespace,
  });
}

/** Renews the leases and gives the ids of those that are still held. */
export async function renewLeases(
  executor: Executor,
  ids: readonly string[],
  leaseMs: number,
): Promise<Set<string>> {
  const rows = await sql.renewLeases(executor, { ids, lease_ms: leaseMs });
  return new Set(rows.map((row) => row.id));
}

export async function recordVitals(executor: Executor, id: string, vitals: WorkerVitals): Promise<void> {
  const { memoryBytes, loopDelayMs, poolConnections, poolWaiting } = vitals;
  await sql.recordVitals(executor, {
    id,
    memory_bytes: memoryBytes,
    loop_delay_ms: loopDelayMs,
    pool_connections: poolConnections,
    pool_waiting: poolWaiting,
  });
}

/** Takes the worker's row away, unless it still holds tasks: then the lease runs out and they are rescued. */
export async function removeWorker(executor: Executor, id: string): Promise<void> {
  await sql.removeWorker(executor, { id });
}

export async function listWorkers(executor: Executor): Promise<sql.WorkerRow[]> {
  return sql.listWorkers(executor);
}

/** What all workers run now, the oldest first. */
export async function listWorkerRuns(executor: Executor): Promise<sql.WorkerRun[]> {
  return sql.listWorkerRuns(executor);
}

export async function expireLeases(executor: Executor, ids: readonly string[]): Promise<void> {
  await sql.expireLeases(executor, { ids });
}

/** Tasks of a namespace; of processors that neither `known` has nor the registered configuration has dropped are left to whoever knows them. */
export async function lockOrphanedTasks(
  executor: Executor,
  namespace: string,
  limit: number,
  known: readonly string[],
): Promise<sql.OrphanedTask[]> {
  return sql.lockOrphanedTasks(executor, { limit, known, namespace });
}

/** Forgets workers whose lease ran out and that hold nothing; gives their ids. */
export async function removeDeadWorkers(executor: Executor): Promise<string[]> {
  return (await sql.removeDeadWorkers(executor)).map((row) => row.id);
}
