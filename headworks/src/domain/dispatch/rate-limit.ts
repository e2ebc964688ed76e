// How fast requests may go out to a source: GCRA, the token bucket kept as one instant, in whole microseconds.

/** One request every `intervalUs` on average; after a pause, requests up to `toleranceUs` ahead of that may go out at once. */
export interface Rate {
  intervalUs: number;
  toleranceUs: number;
}

/** When the requests of one reservation may go out, in order, and the state that it leaves. Epoch microseconds. */
export interface Reservation {
  slotsUs: number[];
  arrivalUs: number;
}

/** The rate of so many requests per second with so many at once (≥ 1). Rounded so that it is never exceeded. */
export function rateOf(maxPerSecond: number, maxBurst = 1): Rate {
  const intervalUs = Math.ceil(1_000_000 / maxPerSecond);
  return { intervalUs, toleranceUs: Math.floor((maxBurst - 1) * intervalUs) };
}

/**
 * Reserves the next `count` slots. `arrivalUs` is when the next request would come at an even rate (GCRA's theoretical
 * arrival time), as the last reservation left it. Of all slots ever reserved, no window holds more than
 * rate · window + burst, whoever reserved them and in whatever order their clocks were read. `store/history/sources.sql`
 * reserves by itself; this function is the oracle of its tests.
 */
export function reserveSlots(rate: Rate, arrivalUs: number, count: number, nowUs: number): Reservation {
  const firstUs = Math.max(arrivalUs, nowUs);
  return { slotsUs: slotsFrom(rate, firstUs, count, nowUs), arrivalUs: firstUs + count * rate.intervalUs };
}

/** The slots of requests that would come evenly from `firstUs` on: each as early as the tolerance lets it, but not in the past. */
export function slotsFrom(rate: Rate, firstUs: number, count: number, nowUs: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.max(nowUs, firstUs + index * rate.intervalUs - rate.toleranceUs),
  );
}

/** How many slots come within so many milliseconds at an even rate; at least one. */
export function slotsWithin(rate: Rate, horizonMs: number): number {
  return Math.max(1, Math.floor((horizonMs * 1_000) / rate.intervalUs));
}
