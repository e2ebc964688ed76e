// Tests of retry storms: when they begin and end, and what they do to waits.

import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "../settlement/backoff.ts";
import { isRetryStorm, RETRY_STORM, stretched } from "./retry-storm.ts";

const counts = fc
  .tuple(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([starts, share]) => ({ starts, retries: Math.floor(starts * share) }));
const backoff = fc
  .record({
    minBackoffMs: fc.integer({ min: 1, max: 100_000 }),
    room: fc.nat(10_000_000),
    maxDoublings: fc.nat(20),
  })
  .map(({ room, ...rest }) => ({ ...rest, maxBackoffMs: rest.minBackoffMs + room }));
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("a storm begins only with enough starts and more than half of them retries, and lasts as long as it could begin", () => {
  fc.assert(
    fc.property(counts, (seen) => {
      const begins = isRetryStorm(false, seen);
      expect(begins).toBe(seen.starts >= RETRY_STORM.minimumStarts && seen.retries * 2 > seen.starts);
      if (begins) expect(isRetryStorm(true, seen)).toBe(true);
    }),
  );
});

test("it is over when nothing starts, and at a quarter of retries at the latest", () => {
  expect(isRetryStorm(true, { starts: 0, retries: 0 })).toBe(false);
  fc.assert(
    fc.property(counts, ({ starts }) => {
      expect(isRetryStorm(true, { starts, retries: Math.floor(starts / 4) })).toBe(false);
    }),
  );
});

test("waits get longer, never shorter, and never longer than the longest", () => {
  fc.assert(
    fc.property(backoff, fc.integer({ min: 1, max: 50 }), chance, (settings, attempts, random) => {
      const usual = backoffMs(settings, attempts, () => random);
      const longer = backoffMs(stretched(settings), attempts, () => random);
      expect(longer).toBeGreaterThanOrEqual(usual);
      expect(longer).toBeLessThanOrEqual(settings.maxBackoffMs);
    }),
  );
  expect(stretched({ minBackoffMs: 10_000, maxBackoffMs: 3_600_000, maxDoublings: 5 }).minBackoffMs).toBe(
    40_000,
  );
});
