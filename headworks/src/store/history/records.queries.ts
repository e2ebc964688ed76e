// The queries of records.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("records.sql", import.meta.url));

export interface InsertAuditRowParams {
  actor: string;
  action: string;
  subject: string;
  details: unknown;
}

/** What a person did. */
export const insertAuditRow = queries.exec<InsertAuditRowParams>("insertAuditRow");

export interface InsertEventParams {
  kind: string;
  subject: string;
  message: string;
  details: unknown;
}

/** What the engine noticed of itself. */
export const insertEvent = queries.exec<InsertEventParams>("insertEvent");
