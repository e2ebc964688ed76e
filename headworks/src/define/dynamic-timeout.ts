// The options of a dynamic timeout.

import type { Duration } from "../domain/duration.ts";

export interface DynamicTimeoutOptions {
  /** So many times as long as 95 of 100 successful runs take. Default 3. */
  factor?: number;
  /** The shortest it may become. Default 30s. */
  floor?: Duration;
  /** The longest it may become. Default: the `hardTimeout`. */
  ceiling?: Duration;
  /** Successful runs before it counts. Default 20. */
  samples?: number;
}

/** So many of the latest successful runs are looked at. */
export const MOST_SAMPLES = 200;
