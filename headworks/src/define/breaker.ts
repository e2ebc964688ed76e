// The settings of a circuit breaker, of a source or a processor, with their defaults.

import type { BreakerSettings } from "../domain/dispatch/breaker.ts";
import { type Duration, findDurationMs } from "../domain/duration.ts";

export interface BreakerOptions {
  /** Failures in a row that open it. Default 5. */
  failures?: number;
  /** The share of failures, over 0 to 1, that opens it as well. Off when left out. */
  failureRate?: number;
  /** The time over which the share is taken. Default 60s. */
  window?: Duration;
  /** Results that the share needs at least. Default 20. */
  minimum?: number;
  /** How long it stays open before one request or run is let out to see. Default 60s. */
  reset?: Duration;
}

const FAILURES = 5;
const WINDOW_MS = 60_000;
const MINIMUM = 20;
const RESET_MS = 60_000;

/** The options were checked when the configuration was loaded. */
export function breakerSettings(options: BreakerOptions): BreakerSettings {
  return {
    failures: options.failures ?? FAILURES,
    failureRate: options.failureRate,
    windowMs: (options.window && findDurationMs(options.window)) ?? WINDOW_MS,
    minimum: options.minimum ?? MINIMUM,
    resetMs: (options.reset && findDurationMs(options.reset)) ?? RESET_MS,
  };
}
