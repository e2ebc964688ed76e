// The queries of breakers.sql, with the types that their headers declare. Written by npm run queries.

import type { BreakerKind, BreakerState } from "../../domain/dispatch/breaker.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("breakers.sql", import.meta.url));

export interface ReadBreaker {
  kind: BreakerKind;
  name: string;
  state: BreakerState;
  version: number;
  failures_in_row: number;
  window_at: number | null;
  window_successes: number;
  window_failures: number;
  opened_at: number | null;
  retry_at: number | null;
  probe_until: number | null;
  reason: string | null;
  now: number;
}

export interface BreakerRow {
  kind: BreakerKind;
  name: string;
  state: BreakerState;
  failures_in_row: number;
  opened_at: string | null;
  retry_at: string | null;
  probe_until: string | null;
  reason: string | null;
}

export interface CreateBreakersParams {
  namespace: string;
  kind: readonly BreakerKind[];
  name: readonly string[];
}

/** The rows of breakers that are used for the first time in a namespace. */
export const createBreakers = queries.exec<CreateBreakersParams>("createBreakers");

export interface ReadBreakersParams {
  namespace: string;
  kind: readonly BreakerKind[];
  name: readonly string[];
}

/** The named breakers of a namespace with the database's clock; instants in epoch milliseconds. */
export const readBreakers = queries.many<ReadBreakersParams, ReadBreaker>("readBreakers");

export interface SaveBreakersParams {
  namespace: string;
  kind: readonly BreakerKind[];
  name: readonly string[];
  version: readonly number[];
  state: readonly BreakerState[];
  failures_in_row: readonly number[];
  window_at: readonly (number | null)[];
  window_successes: readonly number[];
  window_failures: readonly number[];
  opened_at: readonly (number | null)[];
  retry_at: readonly (number | null)[];
  probe_until: readonly (number | null)[];
  reason: readonly (string | null)[];
}

export interface SaveBreakersRow {
  kind: BreakerKind;
  name: string;
}

/** Changes those of a namespace's breakers that nobody has changed since they were read. */
export const saveBreakers = queries.many<SaveBreakersParams, SaveBreakersRow>("saveBreakers");

export interface ListBreakersParams {
  namespace: string;
}

/** Every breaker that was ever used in a namespace, open ones first. */
export const listBreakers = queries.many<ListBreakersParams, BreakerRow>("listBreakers");

export interface ResetBreakerParams {
  namespace: string;
  kind: BreakerKind;
  name: string;
}

export interface ResetBreakerRow {
  kind: BreakerKind;
  name: string;
  was: BreakerState;
}

/** A breaker is closed by hand; tells what it was. */
export const resetBreaker = queries.one<ResetBreakerParams, ResetBreakerRow>("resetBreaker");
