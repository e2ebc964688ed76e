// The queries of retry-storms.sql, with the types that their headers declare. Written by npm run queries.

import type { BreakerKind } from "../../domain/dispatch/breaker.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("retry-storms.sql", import.meta.url));

export interface Storm {
  kind: BreakerKind;
  name: string;
  began_at: string;
  starts: number;
  retries: number;
}

export interface StartedLately {
  namespace: string;
  kind: BreakerKind;
  name: string;
  starts: number;
  retries: number;
  is_storm: boolean;
}

export interface AddRetryCountsParams {
  kind: readonly BreakerKind[];
  name: readonly string[];
  starts: readonly number[];
  retries: readonly number[];
  namespace: string;
}

/** What this process has started since it said so last. */
export const addRetryCounts = queries.exec<AddRetryCountsParams>("addRetryCounts");

export interface ListStormsParams {
  namespace: string;
}

/** The storms that there are now in a namespace. */
export const listStorms = queries.many<ListStormsParams, Storm>("listStorms");

export interface LockStormsParams {
  window_ms: number;
}

export interface LockStormsRow {
  locked: boolean;
}

/** Lets one process at a time decide; forgets counts that are too old to matter. */
export const lockStorms = queries.one<LockStormsParams, LockStormsRow>("lockStorms");

export interface SumRetryCountsParams {
  window_ms: number;
}

/** What was started within so many milliseconds, where there was a retry or is a storm. */
export const sumRetryCounts = queries.many<SumRetryCountsParams, StartedLately>("sumRetryCounts");

export interface BeginStormParams {
  namespace: string;
  kind: BreakerKind;
  name: string;
  starts: number;
  retries: number;
}

/** From now on there is a storm. */
export const beginStorm = queries.exec<BeginStormParams>("beginStorm");

export interface EndStormParams {
  namespace: string;
  kind: BreakerKind;
  name: string;
}

/** It is over. */
export const endStorm = queries.exec<EndStormParams>("endStorm");
