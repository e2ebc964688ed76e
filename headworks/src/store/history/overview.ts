// The read side for people: how much is expected and there, what is wrong and why, what the queues hold.

import type { Criticality } from "../../domain/criticality.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { ProblemKind } from "../../domain/settlement/problem.ts";
import type { Executor } from "../database.ts";
import { findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "history/overview",
  "countByProcessor",
  "listProblems",
  "listRunning",
  "countOpenTasks",
  "countEndedRuns",
  "listProcessorNames",
  "readServer",
);

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

export interface ProcessorCounts extends StatusCounts {
  pipeline: string;
  phase: string;
  phase_index: number;
  processor: string;
  criticality: Criticality;
}

/** Outputs of one processor that have one problem, with the latest of them as an example. */
export interface Problem {
  pipeline: string;
  phase: string;
  processor: string;
  criticality: Criticality;
  kind: ProblemKind;
  outcome: Outcome | null;
  reason: string | null;
  /** Of what these outputs ended with; null of what hasn't ended. */
  fingerprint: string | null;
  outputs: number;
  overdue: number;
  /** Those without a time by which they are expected. */
  unbounded: number;
  /** Those that nothing tries again. */
  given_up: number;
  /** ISO 8601: since when the first of them is. */
  since: string;
  partition: string;
  message: string;
  records: number | null;
  expected_min: number | null;
  run_id: string | null;
  /** Outputs downstream that wait for these, directly or not. */
  blocks: number;
}

export interface RunningRun {
  run_id: string;
  processor: string;
  partition: string;
  attempt: number;
  claimed_at: string;
}

export interface ServerFacts {
  version: string;
  major: number;
  fsync: string;
  synchronous_commit: string;
  full_page_writes: string;
  /** The database's clock, ISO 8601. */
  now: string;
}

type Row<T> = T & Record<string, unknown>;

/** The counts of every registered processor, in the order of the pipelines. */
export async function countByProcessor(executor: Executor, namespace: string): Promise<ProcessorCounts[]> {
  return many<Row<ProcessorCounts>>(executor, sql.countByProcessor, [namespace]);
}

/** At most `limit` groups, the most critical first. */
export async function listProblems(executor: Executor, namespace: string, limit: number): Promise<Problem[]> {
  return many<Row<Problem>>(executor, sql.listProblems, [namespace, limit]);
}

/** What runs now, the longest first. */
export async function listRunning(
  executor: Executor,
  namespace: string,
  limit: number,
): Promise<RunningRun[]> {
  return many<Row<RunningRun>>(executor, sql.listRunning, [limit, namespace]);
}

/** The tasks that will run, without those whose partition isn't open yet. */
export async function countOpenTasks(executor: Executor, namespace: string): Promise<number> {
  return (await findOne<{ tasks: number }>(executor, sql.countOpenTasks, [namespace]))?.tasks ?? 0;
}

/** Runs of a namespace claimed since `since` (by the id) that ended since `endedSince`, both epoch milliseconds. */
export async function countEndedRuns(
  executor: Executor,
  namespace: string,
  since: number,
  endedSince = since,
): Promise<number> {
  const values = [firstRunId(since), new Date(endedSince).toISOString(), namespace];
  return (await findOne<{ runs: number }>(executor, sql.countEndedRuns, values))?.runs ?? 0;
}

export async function listProcessorNames(executor: Executor, namespace: string): Promise<string[]> {
  const rows = await many<{ name: string }>(executor, sql.listProcessorNames, [namespace]);
  return rows.map((row) => row.name);
}

export async function readServer(executor: Executor): Promise<ServerFacts> {
  const facts = await findOne<Row<ServerFacts>>(executor, sql.readServer);
  if (facts === undefined) throw new Error("the server told nothing of itself");
  return facts;
}

/** The lowest id that a run claimed at this moment (epoch milliseconds) can have: ids are in the order of time. */
export function firstRunId(epochMs: number): string {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
