// What goes wrong between Headworks and a source: one error class, which also says when another try makes sense.

import { type ErrorDescription, HeadworksError } from "./error.ts";

interface SourceFailure extends ErrorDescription {
  /** The HTTP status, where there was a response. */
  status?: number | undefined;
  /** Milliseconds before which another try is pointless, by the source's own word, its quota or its breaker. */
  retryAfterMs?: number | undefined;
}

/**
 * Thrown by source clients. Codes: SOURCE_STATUS, SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_REDIRECT, QUOTA_EXHAUSTED,
 * BREAKER_OPEN, RESPONSE_TOO_LARGE, RESPONSE_DAMAGED, REQUEST_INVALID.
 */
export class SourceError extends HeadworksError {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(failure: SourceFailure) {
    super(failure);
    this.status = failure.status;
    this.retryAfterMs = failure.retryAfterMs;
  }
}
