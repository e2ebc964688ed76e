// The queries of logs.sql, with the types that their headers declare. Written by npm run queries.

import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { Labels } from "../../domain/settlement/run-record.ts";
import type { LineFields, Severity } from "../../domain/severity.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("logs.sql", import.meta.url));

export interface LineRow {
  run_id: string;
  seq: number;
  at: string;
  severity: Severity;
  message: string;
  fields: LineFields | null;
}

export interface DocumentRow {
  source: string;
  method: string;
  url: string;
  request_hash: string;
  status: number;
  headers: Labels;
  hash: string;
  bytes: number;
  duration_ms: number;
  fetched_at: string;
  run_id: string;
}

export interface InsertLogLinesParams {
  lines: readonly LineRow[];
}

/** Lines of any number of runs; one that is there already was stored by a commit whose answer got lost. */
export const insertLogLines = queries.exec<InsertLogLinesParams>("insertLogLines");

export interface DeleteMiddleLinesParams {
  run_id: readonly string[];
  first_seq: readonly number[];
  last_seq: readonly number[];
}

/** Of each run, the lines from one number to another: the end has moved on, and they have become the middle. */
export const deleteMiddleLines = queries.exec<DeleteMiddleLinesParams>("deleteMiddleLines");

export interface InsertDocumentsParams {
  documents: readonly DocumentRow[];
}

/** What sources answered, in this order; one that is there already was stored by a commit whose answer got lost. */
export const insertDocuments = queries.exec<InsertDocumentsParams>("insertDocuments");

export interface SearchLogsParams {
  namespace?: string | null | undefined;
  processor?: string | null | undefined;
  partition?: string | null | undefined;
  outcome?: Outcome | null | undefined;
  run_id?: string | null | undefined;
  severities?: readonly Severity[] | null | undefined;
  text?: string | null | undefined;
  field?: string | null | undefined;
  field_value?: string | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  before_at?: string | null | undefined;
  before_run?: string | null | undefined;
  before_seq?: number | null | undefined;
  seen_run: readonly string[];
  seen_seq: readonly number[];
  limit: number;
}

export interface SearchLogsRow {
  run_id: string;
  seq: number;
  at: string;
  severity: Severity;
  message: string;
  fields: LineFields | null;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  outcome: Outcome | null;
}

/** Lines of ended and of running runs, newest first, older than the cursor, without those seen; each half is sorted and cut by itself, so that an index can serve it. */
export const searchLogs = queries.many<SearchLogsParams, SearchLogsRow>("searchLogs");
