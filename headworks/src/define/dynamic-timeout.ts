// The settings of a dynamic timeout, with their defaults and what may be wrong with them.

import type { Duration } from "../domain/duration.ts";
import type { TimeoutSettings } from "../domain/timeout.ts";
import type { Problems } from "./problems.ts";

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

const FACTOR = 3;
const FLOOR_MS = 30_000;
const SAMPLES = 20;

export function compileDynamicTimeout(
  where: string,
  options: DynamicTimeoutOptions | undefined,
  hardTimeoutMs: number,
  problems: Problems,
): TimeoutSettings | undefined {
  if (options === undefined) return undefined;
  problems.number(`${where} › factor`, options.factor, { min: 1 });
  problems.number(`${where} › samples`, options.samples, { min: 1, max: MOST_SAMPLES });
  const ceilingMs = problems.durationMs(`${where} › ceiling`, options.ceiling, hardTimeoutMs);
  const floorMs = problems.durationMs(`${where} › floor`, options.floor, Math.min(FLOOR_MS, ceilingMs));
  if (floorMs > ceilingMs) {
    problems.add(
      where,
      "BAD_TIMEOUT",
      "its floor is above its ceiling",
      "make the ceiling the longer of the two; left out, it is the hardTimeout",
    );
  }
  return { factor: options.factor ?? FACTOR, floorMs, ceilingMs, minSamples: options.samples ?? SAMPLES };
}

/** So many of the latest successful runs are looked at. */
export const MOST_SAMPLES = 200;
