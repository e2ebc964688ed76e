// Looks whether a limit was kept in every window: of all claims or requests, no stretch may hold more than rate × window + burst.

/** The window that holds the most beyond its rate. */
export interface Window {
  fromUs: number;
  toUs: number;
  count: number;
  /** `count − rate × window`: what must have been burst. */
  excess: number;
}

/**
 * The worst of all windows, whatever their length; undefined when nothing happened. Instants are epoch microseconds, in any
 * order. A window that begins and ends at an instant is the worst of those that hold the same instants, so looking at
 * these is looking at all; one pass does, since the best beginning so far stays the best.
 */
export function findWorstWindow(instantsUs: readonly number[], perSecond: number): Window | undefined {
  const instants = [...instantsUs].sort((a, b) => a - b);
  const [origin] = instants;
  if (origin === undefined) return undefined;
  // Counted from the first: microseconds since 1970 times a rate have no digits left for fractions.
  const level = (index: number) => index - (perSecond * ((instants[index] ?? origin) - origin)) / 1_000_000;
  let worst: Window | undefined;
  let first = 0;
  instants.forEach((at, index) => {
    if (level(index) < level(first)) first = index;
    const excess = level(index) - level(first) + 1;
    if (worst !== undefined && excess <= worst.excess) return;
    worst = { fromUs: instants[first] ?? at, toUs: at, count: index - first + 1, excess };
  });
  return worst;
}

/** The most that {@link findWorstWindow} may find where `burst` is granted and instants are cut to milliseconds, as the history's are. */
export function mostExcess(limit: { perSecond: number; burst: number }): number {
  return limit.burst + limit.perSecond / 1_000;
}

/** How much of the rate was used between the first and the last instant: 1 is all of it, and a burst may make it more. */
export function usedShare(instantsUs: readonly number[], perSecond: number): number {
  const seconds = (Math.max(...instantsUs) - Math.min(...instantsUs)) / 1_000_000;
  return (instantsUs.length - 1) / (perSecond * seconds);
}
