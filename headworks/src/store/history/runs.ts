// Outputs, runs, and all details of one: what it needed, what it did, what came of it.

import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { OutputStatus } from "../../domain/settlement/states.ts";
import type { Executor } from "../database.ts";
import { firstRunId } from "./overview.ts";
import * as sql from "./runs.queries.ts";

export interface OutputSearch {
  namespace: string;
  processor?: string | undefined;
  phase?: string | undefined;
  status?: OutputStatus | undefined;
  partition?: string | undefined;
  overdue?: boolean | undefined;
  /** Gives those after it. */
  after?: { processor: string; partition: string } | undefined;
  limit: number;
}

export interface RunSearch {
  namespace: string;
  processor?: string | undefined;
  partition?: string | undefined;
  outcome?: Outcome | undefined;
  /** ISO 8601: claimed since. */
  since?: string | undefined;
  /** The id of a run: gives those before it. */
  before?: string | undefined;
  limit: number;
}

/** The ids of processes' clocks and the database's may differ by this, in milliseconds. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** Rows of the ledger by processor, the latest partitions first. */
export async function listOutputs(executor: Executor, search: OutputSearch): Promise<sql.OutputListing[]> {
  const { after, overdue = false, ...asked } = search;
  return sql.listOutputs(executor, {
    ...asked,
    overdue,
    after_processor: after?.processor,
    after_partition: after?.partition,
  });
}

/** Runs, the latest claimed first, those in progress too. */
export async function listRuns(executor: Executor, search: RunSearch): Promise<sql.RunListing[]> {
  const { since } = search;
  return sql.listRuns(executor, {
    ...search,
    since_id: since === undefined ? null : firstRunId(Date.parse(since) - CLOCK_TOLERANCE_MS),
  });
}

/** Runs whose id is, or begins with, this; at most `limit`. None when it can't be the beginning of an id. */
export async function findRuns(
  executor: Executor,
  prefix: string,
  limit: number,
): Promise<{ id: string; output_id: number; processor: string; partition: string }[]> {
  const digits = prefix.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{8,32}$/.test(digits)) return [];
  return sql.findRuns(executor, { first: digits.padEnd(32, "0"), last: digits.padEnd(32, "f"), limit });
}

export async function findOutputDetail(
  executor: Executor,
  id: number,
): Promise<sql.OutputDetail | undefined> {
  return sql.findOutputDetail(executor, { id });
}

/** The latest runs of an output, the last first. */
export async function listAttempts(
  executor: Executor,
  outputId: number,
  limit: number,
): Promise<sql.Attempt[]> {
  return sql.listAttempts(executor, { output_id: outputId, limit });
}

export async function findAttempt(executor: Executor, run: string): Promise<sql.Attempt | undefined> {
  return sql.findAttempt(executor, { run_id: run });
}

export const listMetrics = (executor: Executor, run: string): Promise<sql.ReportedMetric[]> =>
  sql.listMetrics(executor, { run_id: run });

export const listRequests = (executor: Executor, run: string, limit: number): Promise<sql.KeptRequest[]> =>
  sql.listRequests(executor, { run_id: run, limit });

export const listRejected = (executor: Executor, run: string, limit: number): Promise<sql.KeptRejection[]> =>
  sql.listRejected(executor, { run_id: run, limit });

export const listArtifacts = (executor: Executor, run: string): Promise<sql.KeptArtifact[]> =>
  sql.listArtifacts(executor, { run_id: run });

/** What an output needs and what needs it, at most `limit` each way. */
export const listNeighbors = (executor: Executor, outputId: number, limit: number): Promise<sql.Neighbor[]> =>
  sql.listNeighbors(executor, { output_id: outputId, limit });

/** Some partitions of a processor, the latest first. */
export async function listPartitionsOf(
  executor: Executor,
  namespace: string,
  processor: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.listPartitionsOf(executor, { namespace, processor, limit });
  return rows.map((row) => row.partition);
}
