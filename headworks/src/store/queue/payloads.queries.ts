// The queries of payloads.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("payloads.sql", import.meta.url));

export interface SavePayloadParams {
  output_ids: readonly number[];
  payload: string;
}

/** Hands this over for the next runs of these outputs, in place of what there was. */
export const savePayload = queries.exec<SavePayloadParams>("savePayload");

export interface FindPayloadParams {
  output_id: number;
}

export interface FindPayloadRow {
  payload: string;
}

/** What was handed over for an output, as text. */
export const findPayload = queries.maybe<FindPayloadParams, FindPayloadRow>("findPayload");
