// The read side for people: how much is expected and there, what is wrong and why, what the queues hold.

import type { Executor } from "../database.ts";
import * as sql from "./overview.queries.ts";

/** How many outputs have which status. Each counts once, but for `overdue` and `unvouched`, which come on top. */
export interface StatusCounts {
  /** All that ought to exist by now. */
  expected: number;
  complete: number;
  empty: number;
  degraded: number;
  failed: number;
  waived: number;
  running: number;
  /** For data, for a recheck, or for the next attempt. */
  waiting: number;
  /** Free to run, or about to be. */
  queued: number;
  /** For what they need. */
  blocked: number;
  /** Past their time and unsettled. */
  overdue: number;
  /** Empty, and nobody vouched that this is right. */
  unvouched: number;
}

/** The counts of every registered processor, in the order of the pipelines. */
export async function countByProcessor(
  executor: Executor,
  namespace: string,
): Promise<sql.ProcessorCounts[]> {
  return sql.countByProcessor(executor, { namespace });
}

/** At most `limit` groups, the most critical first. */
export async function listProblems(
  executor: Executor,
  namespace: string,
  limit: number,
): Promise<sql.Problem[]> {
  return sql.listProblems(executor, { namespace, limit });
}

/** What runs now, the longest first. */
export async function listRunning(
  executor: Executor,
  namespace: string,
  limit: number,
): Promise<sql.RunningRun[]> {
  return sql.listRunning(executor, { limit, namespace });
}

/** The tasks that will run, without those whose partition isn't open yet. */
export async function countOpenTasks(executor: Executor, namespace: string): Promise<number> {
  return (await sql.countOpenTasks(executor, { namespace })).tasks;
}

/** Runs of a namespace claimed since `since` (by the id) that ended since `endedSince`, both epoch milliseconds. */
export async function countEndedRuns(
  executor: Executor,
  namespace: string,
  since: number,
  endedSince = since,
): Promise<number> {
  const counted = await sql.countEndedRuns(executor, {
    since_id: firstRunId(since),
    since: new Date(endedSince).toISOString(),
    namespace,
  });
  return counted.runs;
}

export async function listProcessorNames(executor: Executor, namespace: string): Promise<string[]> {
  const rows = await sql.listProcessorNames(executor, { namespace });
  return rows.map((row) => row.name);
}

export async function readServer(executor: Executor): Promise<sql.ServerFacts> {
  return sql.readServer(executor);
}

/** The lowest id that a run claimed at this moment (epoch milliseconds) can have: ids are in the order of time. */
export function firstRunId(epochMs: number): string {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
