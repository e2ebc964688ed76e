// What the sources need to know of the run they work for, and what they tell it.

/** A run, as a source's client sees it. */
export interface RunAccess {
  run: string;
  /** Ends waits and requests in flight as soon as it aborts. */
  signal: AbortSignal;
  /** Sent with every request (W3C Trace Context). */
  traceparent: string;
  /** Answers come from the archive, and nothing touches the network. */
  fromArchive: boolean;
  /** Called for every request that goes out, retries and redirects included. */
  onRequest(): void;
  /** Keeps the record of a response with the run. */
  keepDocument(document: RawDocument): void;
}

/** The record of one response; its body is in the archive under `hash`. The columns of `raw_documents`. */
export interface RawDocument {
  source: string;
  method: string;
  /** Where the body came from: after redirects. */
  url: string;
  /** SHA-256 in hex of method, URL (query sorted) and body, as asked for: before redirects. */
  requestHash: string;
  status: number;
  headers: Record<string, string>;
  /** SHA-256 in hex of the decoded body. */
  hash: string;
  bytes: number;
  durationMs: number;
  /** ISO 8601. */
  fetchedAt: string;
}
