// The limits of the load in a chaos run, known to its configuration and to the tests that look whether they are kept.

/** Claims of the queue `paced`. */
export const PACE = { perSecond: 60, burst: 12 };

/** Claims of the lane `backfill` in the queue `laned`. */
export const BACKFILL = { perSecond: 30, burst: 6 };

/** Requests to the source `host`. */
export const REQUESTS = { perSecond: 40, burst: 5 };
