// Outputs, runs, and all details of one: what it needed, what it did, what came of it.

import { HeadworksError } from "../../domain/error.ts";
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
  "listMetrics",
  "listRequests",
  "listRejected",
  "listArtifacts",
  "listNeighbors",
  "listPartitionsOf",
);

type Row<T> = T & Record<string, unknown>;

/** A page of a list. `cursor` leads to the next one; null when there is none. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
}

export interface OutputSearch {
  namespace: string;
  processor?: string | undefined;
  phase?: string | undefined;
  status?: string | undefined;
  partition?: string | undefined;
  overdue?: boolean | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface RunSearch {
  namespace: string;
  processor?: string | undefined;
  partition?: string | undefined;
  outcome?: string | undefined;
  /** ISO 8601: claimed since. */
  since?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** The ids of processes' clocks and the database's may differ by this, in milliseconds. */
const CLOCK_TOLERANCE_MS = 3_600_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Rows of the ledger by processor, the latest partitions first. Throws CURSOR_INVALID. */
export async function listOutputs(executor: Executor, search: OutputSearch): Promise<Page<OutputListing>> {
  const after = search.cursor === undefined ? undefined : readOutputCursor(search.cursor);
  const rows = await many<Row<OutputListing>>(executor, sql.listOutputs, [
    search.namespace,
    search.processor ?? null,
    search.phase ?? null,
    search.status ?? null,
    search.partition ?? null,
    search.overdue ?? false,
    after?.processor ?? null,
    after?.partition ?? null,
    search.limit + 1,
  ]);
  return pageOf(rows, search.limit, (row) => `${row.processor}:${row.partition}`);
}

/** Runs, the latest claimed first, those in progress too. Throws CURSOR_INVALID. */
export async function listRuns(executor: Executor, search: RunSearch): Promise<Page<RunListing>> {
  if (search.cursor !== undefined && !UUID.test(search.cursor)) throw cursorInvalid(search.cursor);
  const rows = await many<Row<RunListing>>(executor, sql.listRuns, [
    search.namespace,
    search.processor ?? null,
    search.partition ?? null,
    search.outcome ?? null,
    search.since ?? null,
    search.since === undefined ? null : firstRunId(Date.parse(search.since) - CLOCK_TOLERANCE_MS),
    search.cursor ?? null,
    search.limit + 1,
  ]);
  return pageOf(rows, search.limit, (row) => row.id);
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

function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function readOutputCursor(cursor: string): { processor: string; partition: string } {
  const match = /^([a-z][a-z0-9_]*):(.+)$/s.exec(cursor);
  if (match === null) throw cursorInvalid(cursor);
  return { processor: match[1] ?? "", partition: match[2] ?? "" };
}

function cursorInvalid(cursor: string): HeadworksError {
  return new HeadworksError({
    code: "CURSOR_INVALID",
    message: `not a cursor of this list: ${cursor}`,
    hint: "give the cursor of an earlier page as it was, or leave it out to begin anew",
  });
}
