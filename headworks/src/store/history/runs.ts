// Outputs, runs, and all details of one: what it needed, what it did, what came of it.

import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { OutputStatus } from "../../domain/settlement/states.ts";
import type { Executor } from "../database.ts";
import { findOne, many, queriesOf } from "../sql.ts";
import { firstRunId } from "./overview.ts";
import type {
  Attempt,
  KeptArtifact,
  KeptRejection,
  KeptRequest,
  Neighbor,
  OutputDetail,
  OutputListing,
  ReportedMetric,
  RunListing,
} from "./rows.ts";

const sql = queriesOf(
  "history/runs",
  "listOutputs",
  "listRuns",
  "findRuns",
  "findOutputDetail",
  "listAttempts",
  "findAttempt",
  "listMetrics",
  "listRequests",
  "listRejected",
  "listArtifacts",
  "listNeighbors",
  "listPartitionsOf",
);

type Row<T> = T & Record<string, unknown>;

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
export async function listOutputs(executor: Executor, search: OutputSearch): Promise<OutputListing[]> {
  return many<Row<OutputListing>>(executor, sql.listOutputs, [
    search.namespace,
    search.processor ?? null,
    search.phase ?? null,
    search.status ?? null,
    search.partition ?? null,
    search.overdue ?? false,
    search.after?.processor ?? null,
    search.after?.partition ?? null,
    search.limit,
  ]);
}

/** Runs, the latest claimed first, those in progress too. */
export async function listRuns(executor: Executor, search: RunSearch): Promise<RunListing[]> {
  return many<Row<RunListing>>(executor, sql.listRuns, [
    search.namespace,
    search.processor ?? null,
    search.partition ?? null,
    search.outcome ?? null,
    search.since ?? null,
    search.since === undefined ? null : firstRunId(Date.parse(search.since) - CLOCK_TOLERANCE_MS),
    search.before ?? null,
    search.limit,
  ]);
}

/** Runs whose id is, or begins with, this; at most `limit`. None when it can't be the beginning of an id. */
export async function findRuns(
  executor: Executor,
  prefix: string,
  limit: number,
): Promise<{ id: string; output_id: number; processor: string; partition: string }[]> {
  const digits = prefix.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{8,32}$/.test(digits)) return [];
  return many(executor, sql.findRuns, [digits.padEnd(32, "0"), digits.padEnd(32, "f"), limit]);
}

export async function findOutputDetail(executor: Executor, id: number): Promise<OutputDetail | undefined> {
  return findOne<Row<OutputDetail>>(executor, sql.findOutputDetail, [id]);
}

/** The latest runs of an output, the last first. */
export async function listAttempts(executor: Executor, outputId: number, limit: number): Promise<Attempt[]> {
  return many<Row<Attempt>>(executor, sql.listAttempts, [outputId, limit]);
}

export async function findAttempt(executor: Executor, run: string): Promise<Attempt | undefined> {
  return findOne<Row<Attempt>>(executor, sql.findAttempt, [run]);
}

export const listMetrics = (executor: Executor, run: string): Promise<ReportedMetric[]> =>
  many<Row<ReportedMetric>>(executor, sql.listMetrics, [run]);

export const listRequests = (executor: Executor, run: string, limit: number): Promise<KeptRequest[]> =>
  many<Row<KeptRequest>>(executor, sql.listRequests, [run, limit]);

export const listRejected = (executor: Executor, run: string, limit: number): Promise<KeptRejection[]> =>
  many<Row<KeptRejection>>(executor, sql.listRejected, [run, limit]);

export const listArtifacts = (executor: Executor, run: string): Promise<KeptArtifact[]> =>
  many<Row<KeptArtifact>>(executor, sql.listArtifacts, [run]);

/** What an output needs and what needs it, at most `limit` each way. */
export const listNeighbors = (executor: Executor, outputId: number, limit: number): Promise<Neighbor[]> =>
  many<Row<Neighbor>>(executor, sql.listNeighbors, [outputId, limit]);

/** Some partitions of a processor, the latest first. */
export async function listPartitionsOf(
  executor: Executor,
  namespace: string,
  processor: string,
  limit: number,
): Promise<string[]> {
  const rows = await many<{ partition: string }>(executor, sql.listPartitionsOf, [
    namespace,
    processor,
    limit,
  ]);
  return rows.map((row) => row.partition);
}
