// Checks the settings of a circuit breaker.

import type { BreakerOptions } from "../breaker.ts";
import type { Problems } from "./problems.ts";

export function checkBreaker(where: string, options: BreakerOptions | undefined, problems: Problems): void {
  if (options === undefined) return;
  problems.number(`${where} › breaker.failures`, options.failures, { min: 1 });
  problems.number(`${where} › breaker.failureRate`, options.failureRate, { min: 0.01, max: 1 });
  problems.number(`${where} › breaker.minimum`, options.minimum, { min: 1 });
  problems.durationMs(`${where} › breaker.window`, options.window, 0);
  problems.durationMs(`${where} › breaker.reset`, options.reset, 0);
}
