// What sources keep in the database: the slots of their rate, what is used of their quota, and the responses they gave.

import { type Rate, slotsFrom } from "../../domain/dispatch/rate-limit.ts";
import type { Database, Executor } from "../database.ts";
import type { Query } from "../query-file.ts";
import { exec, findOne, queriesOf } from "../sql.ts";

const queries = queriesOf("history/sources", "createSource", "reserveSlots", "takeQuota", "findDocument");

/** When so many requests may go out, and what time it is, both by the database's clock, in epoch microseconds. */
export interface ReservedSlots {
  nowUs: number;
  slotsUs: number[];
}

export interface QuotaSettings {
  requests: number;
  per: "hour" | "day";
}

export interface QuotaGrant {
  granted: number;
  /** Milliseconds until the next hour or day begins. */
  nextWindowMs: number;
}

/** A response in the archive. */
export interface FoundDocument {
  url: string;
  status: number;
  headers: Record<string, string>;
  hash: string;
}

/** Takes the next `count` slots of a source's rate. The decision is that of `domain/rate-limit.ts`. */
export async function reserveSlots(
  database: Database,
  source: string,
  rate: Rate,
  count: number,
): Promise<ReservedSlots> {
  const values = [source, count, rate.intervalUs];
  const row = await onRowOf<{ now_us: number; first_us: number }>(
    database,
    source,
    queries.reserveSlots,
    values,
  );
  return { nowUs: row.now_us, slotsUs: slotsFrom(rate, row.first_us, count, row.now_us) };
}

/** Counts up to `count` requests against a source's quota. */
export async function takeQuota(
  database: Database,
  source: string,
  quota: QuotaSettings,
  count: number,
): Promise<QuotaGrant> {
  const values = [source, count, quota.requests, quota.per];
  const row = await onRowOf<{ granted: number; next_window_ms: number }>(
    database,
    source,
    queries.takeQuota,
    values,
  );
  return { granted: row.granted, nextWindowMs: row.next_window_ms };
}

/** The newest usable response to a request. With `orMissing`, one that said 404 or 410 is usable too. */
export async function findDocument(
  executor: Executor,
  source: string,
  requestHash: string,
  orMissing: boolean,
): Promise<FoundDocument | undefined> {
  return findOne<FoundDocument>(executor, queries.findDocument, [source, requestHash, orMissing]);
}

/** Runs a query on the row of a source, which is created at its first use. */
async function onRowOf<Row extends Record<string, unknown>>(
  database: Database,
  source: string,
  query: Query,
  values: readonly unknown[],
): Promise<Row> {
  const row = await findOne<Row>(database, query, values);
  if (row !== undefined) return row;
  await exec(database, queries.createSource, [source]);
  const created = await findOne<Row>(database, query, values);
  if (created === undefined) throw new Error(`the row of the source ${source} was removed as it was created`);
  return created;
}
