// What the sources need to know of the run they work for, and what they tell it.

import type { RawDocument } from "../../store/history/documents.ts";

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
  /** Keeps the record of a response with the run; the body is in the archive already. */
  keepDocument(document: RawDocument): void;
}
