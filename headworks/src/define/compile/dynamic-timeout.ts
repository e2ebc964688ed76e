// Compiles a dynamic timeout: its defaults, and what may be wrong with it.

import type { TimeoutSettings } from "../../domain/settlement/timeout.ts";
import { type DynamicTimeoutOptions, MOST_SAMPLES } from "../dynamic-timeout.ts";
import type { Problems } from "./problems.ts";

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
