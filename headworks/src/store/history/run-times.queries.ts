// The queries of run-times.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("run-times.sql", import.meta.url));

export interface ListRunTimesParams {
  processors: readonly string[];
  samples: number;
  namespace: string;
}

export interface ListRunTimesRow {
  processor: string;
  samples: number;
  p95_ms: number;
}

/** How long the latest successful runs of these processors took in a namespace, of the last 30 days; one that found nothing changed did nothing. */
export const listRunTimes = queries.many<ListRunTimesParams, ListRunTimesRow>("listRunTimes");
