// The queries of sources.sql, with the types that their headers declare. Written by npm run queries.

import type { Labels } from "../../domain/settlement/run-record.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("sources.sql", import.meta.url));

export interface FoundDocument {
  url: string;
  status: number;
  headers: Labels;
  hash: string;
}

export interface CreateSourceParams {
  name: string;
}

/** The row that the limits of a source are kept in, unless it is there. */
export const createSource = queries.exec<CreateSourceParams>("createSource");

export interface ReserveSlotsParams {
  name: string;
  slots: number;
  every_us: number;
}

export interface ReserveSlotsRow {
  now_us: number;
  first_us: number;
}

/** Takes the next $slots slots, one every $every_us microseconds (GCRA); tells the database's clock, and when the first of them would come at an even rate. */
export const reserveSlots = queries.maybe<ReserveSlotsParams, ReserveSlotsRow>("reserveSlots");

export interface TakeQuotaParams {
  name: string;
  wanted: number;
  quota: number;
  per: string;
}

export interface TakeQuotaRow {
  granted: number;
  next_window_ms: number;
}

/** Counts up to $wanted requests in this UTC hour or day ($per) as long as there are no more than $quota; tells how many, and the milliseconds to the next. */
export const takeQuota = queries.maybe<TakeQuotaParams, TakeQuotaRow>("takeQuota");

export interface FindDocumentParams {
  source: string;
  request_hash: string;
  accept_missing: boolean;
}

/** The newest response to this request that wasn't an error, or, where $accept_missing, that said there is no such thing. */
export const findDocument = queries.maybe<FindDocumentParams, FoundDocument>("findDocument");
