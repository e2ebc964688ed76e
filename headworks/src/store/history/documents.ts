// Raw documents: a record of every response that a source gave; the bodies themselves are in the archive, by hash.

import type { Executor } from "../database.ts";
import * as sql from "./logs.queries.ts";

/** The most rows of one statement. */
const ROWS_PER_STATEMENT = 1_000;

/** One response of a source. */
export interface RawDocument {
  source: string;
  method: string;
  /** Where the body came from: after redirects. */
  url: string;
  /** SHA-256 of method, URL and request body as asked for, in hex: what a repeat from the archive looks for. */
  requestHash: string;
  status: number;
  /** The headers that matter. */
  headers: Record<string, string>;
  /** SHA-256 of the body in hex: its name in the archive. */
  hash: string;
  /** Length of the body. */
  bytes: number;
  /** From the request to the last byte, in milliseconds. */
  durationMs: number;
  /** ISO 8601. */
  fetchedAt: string;
}

/** A document and the run that fetched it. */
export interface DocumentOfRun extends RawDocument {
  run: string;
}

/** Stores documents, in their order. One that is there already (a commit whose answer got lost) is left as it is. */
export async function insertDocuments(
  executor: Executor,
  documents: readonly DocumentOfRun[],
): Promise<void> {
  for (let start = 0; start < documents.length; start += ROWS_PER_STATEMENT) {
    const rows = documents.slice(start, start + ROWS_PER_STATEMENT).map(rowOf);
    await sql.insertDocuments(executor, { documents: rows });
  }
}

function rowOf(document: DocumentOfRun): sql.DocumentRow {
  return {
    run_id: document.run,
    source: document.source,
    method: document.method,
    url: document.url,
    request_hash: document.requestHash,
    status: document.status,
    headers: document.headers,
    hash: document.hash,
    bytes: document.bytes,
    duration_ms: Math.round(document.durationMs),
    fetched_at: document.fetchedAt,
  };
}
