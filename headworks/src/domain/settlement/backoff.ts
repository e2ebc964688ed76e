// How long a task waits before its next attempt: Cloud Tasks' doubling, then linear growth, with full jitter above the floor.

/** Milliseconds, and a count of doublings. */
export interface BackoffSettings {
  minBackoffMs: number;
  maxBackoffMs: number;
  maxDoublings: number;
}

/**
 * The longest delay before the attempt that follows `attemptsUsed` used ones (≥ 1), in milliseconds.
 * It doubles `maxDoublings` times, then grows by the last step each time, up to `maxBackoffMs`.
 * Source: the retry parameters of Cloud Tasks queues.
 */
export function backoffCeilingMs(settings: BackoffSettings, attemptsUsed: number): number {
  const doublings = Math.min(attemptsUsed, settings.maxDoublings);
  const linearSteps = Math.max(1, attemptsUsed - settings.maxDoublings + 1);
  return Math.min(settings.maxBackoffMs, settings.minBackoffMs * 2 ** doublings * linearSteps);
}

/**
 * The delay before the next attempt in milliseconds, drawn from [minBackoff, ceiling].
 * A server's Retry-After is honored: never sooner than `retryAfterMs`, even beyond the ceiling.
 */
export function backoffMs(
  settings: BackoffSettings,
  attemptsUsed: number,
  random: () => number,
  retryAfterMs = 0,
): number {
  const ceiling = Math.max(settings.minBackoffMs, backoffCeilingMs(settings, attemptsUsed));
  const drawn = settings.minBackoffMs + random() * (ceiling - settings.minBackoffMs);
  return Math.max(Math.round(drawn), retryAfterMs);
}
