// What sources keep in the database: the slots of their rate, what is used of their quota, and the responses they gave.

import { type Rate, slotsFrom } from "../../domain/dispatch/rate-limit.ts";
import type { Database, Executor } from "../database.ts";
import * as sql from "./sources.queries.ts";

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

/** Takes the next `count` slots of a source's rate. The decision is that of `domain/rate-limit.ts`. */
export async function reserveSlots(
  database: Database,
  source: string,
  rate: Rate,
  count: number,
): Promise<ReservedSlots> {
  const asked = { name: source, slots: count, every_us: rate.intervalUs };
  const row = await onRowOf(database, source, () => sql.reserveSlots(database, asked));
  return { nowUs: row.now_us, slotsUs: slotsFrom(rate, row.first_us, count, row.now_us) };
}

/** Counts up to `count` requests against a source's quota. */
export async function takeQuota(
  database: Database,
  source: string,
  quota: QuotaSettings,
  count: number,
): Promise<QuotaGrant> {
  const asked = { name: source, wanted: count, quota: quota.requests, per: quota.per };
  const row = await onRowOf(database, source, () => sql.takeQuota(database, asked));
  return { granted: row.granted, nextWindowMs: row.next_window_ms };
}

/** The newest usable response to a request. With `orMissing`, one that said 404 or 410 is usable too. */
export async function findDocument(
  executor: Executor,
  source: string,
  requestHash: string,
  orMissing: boolean,
): Promise<sql.FoundDocument | undefined> {
  return sql.findDocument(executor, { source, request_hash: requestHash, accept_missing: orMissing });
}

/** Asks for the row of a source, which is created at its first use. */
async function onRowOf<Row>(
  database: Database,
  source: string,
  ask: () => Promise<Row | undefined>,
): Promise<Row> {
  const row = await ask();
  if (row !== undefined) return row;
  await sql.createSource(database, { name: source });
  const created = await ask();
  if (created === undefined) throw new Error(`the row of the source ${source} was removed as it was created`);
  return created;
}
