// Retry storms: when most of what a processor or a source is asked for are retries, they are the load; their waits get longer.

import type { BackoffSettings } from "../settlement/backoff.ts";

/** Over the last five minutes, of all processes together. */
export interface RetryCounts {
  /** Runs, or tries of requests; retries among them. */
  starts: number;
  retries: number;
}

export const RETRY_STORM = {
  /** The share of retries above which a storm begins, and at which it is over. */
  share: 0.5,
  calmShare: 0.25,
  /** Starts before one can begin. */
  minimumStarts: 50,
  /** How many times longer the shortest wait becomes. */
  stretch: 4,
  windowMs: 300_000,
} as const;

/** Whether there is a storm now. It ends at a lower share than it begins at, so that the longer waits don't end it at once. */
export function isRetryStorm(wasStorm: boolean, { starts, retries }: RetryCounts): boolean {
  if (wasStorm) return starts > 0 && retries / starts > RETRY_STORM.calmShare;
  return starts >= RETRY_STORM.minimumStarts && retries / starts > RETRY_STORM.share;
}

/** The backoff during a storm: the shortest wait is longer, the longest stays. */
export function stretched(backoff: BackoffSettings): BackoffSettings {
  const minBackoffMs = Math.min(backoff.maxBackoffMs, backoff.minBackoffMs * RETRY_STORM.stretch);
  return { ...backoff, minBackoffMs: Math.max(backoff.minBackoffMs, minBackoffMs) };
}
