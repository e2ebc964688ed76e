// The queries of retry-from.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("retry-from.sql", import.meta.url));

export interface PathOutput {
  id: number;
  processor: string;
  partition: string;
  is_start: boolean;
}

export interface ListPathsParams {
  output_ids: readonly number[];
  upstream: string;
  look_at_most: number;
  limit: number;
}

/** What lies between these outputs and what they need, near or far, of a processor or a phase: both ends too. At most so many are looked at on the way up, and given. */
export const listPaths = queries.many<ListPathsParams, PathOutput>("listPaths");

export interface ListUpstreamNamesParams {
  output_ids: readonly number[];
  look_at_most: number;
}

export interface ListUpstreamNamesRow {
  processor: string;
}

/** The processors that these outputs need, near or far. */
export const listUpstreamNames = queries.many<ListUpstreamNamesParams, ListUpstreamNamesRow>("listUpstreamNames");

export interface ExpectAgainParams {
  output_ids: readonly number[];
}

/** These outputs, which the caller has locked, are expected again: as if what they need were new. One that runs now is left alone. */
export const expectAgain = queries.exec<ExpectAgainParams>("expectAgain");
