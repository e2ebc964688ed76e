// Tests of the look at windows: that it finds any stretch that holds too much, and nothing else.

import fc from "fast-check";
import { expect, test } from "vitest";
import { rateOf, reserveSlots } from "../../domain/dispatch/rate-limit.ts";
import { findWorstWindow, usedShare } from "./windows.ts";

const SECOND = 1_000_000;

test("nothing happened in no window", () => {
  expect(findWorstWindow([], 10)).toBeUndefined();
});

test("finds the one stretch that is too dense, in any order, and how many it holds", () => {
  const even = Array.from({ length: 50 }, (_, index) => index * (SECOND / 10));
  const dense = [2_010_000, 2_020_000, 2_030_000];

  expect(findWorstWindow(even, 10)?.excess).toBeCloseTo(1);
  // The whole stretch up to there holds the three as well: 25 where 2.1 seconds grant 21.
  expect(findWorstWindow([...dense, ...even], 10)).toEqual({
    fromUs: 0,
    toUs: 2_100_000,
    count: 25,
    excess: expect.closeTo(4),
  });
});

test("one claim too many within a burst is seen", () => {
  const burst = Array.from({ length: 20 }, () => 1_800_000_000_000_000);

  expect(findWorstWindow(burst, 5)?.excess).toBe(20);
  expect(findWorstWindow([...burst, 1_800_000_000_000_001], 5)?.excess).toBeGreaterThan(20.9);
});

test("agrees with a look at every window one by one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 * SECOND }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      (instants, perSecond) => {
        const sorted = instants.toSorted((a, b) => a - b);
        const all = sorted.flatMap((from, first) =>
          sorted.slice(first).map((to, more) => more + 1 - (perSecond * (to - from)) / SECOND),
        );
        expect(findWorstWindow(instants, perSecond)?.excess).toBeCloseTo(Math.max(...all), 6);
      },
    ),
  );
});

test("what a rate lets out never exceeds its burst", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ waitUs: fc.integer({ min: 0, max: SECOND }), count: fc.integer({ min: 1, max: 9 }) }),
      ),
      fc.integer({ min: 1, max: 10 }),
      (asks, burst) => {
        const rate = rateOf(20, burst);
        let nowUs = 0;
        let arrivalUs = 0;
        const slots = asks.flatMap(({ waitUs, count }) => {
          nowUs += waitUs;
          const reserved = reserveSlots(rate, arrivalUs, count, nowUs);
          arrivalUs = reserved.arrivalUs;
          return reserved.slotsUs;
        });
        expect(findWorstWindow(slots, 20)?.excess ?? 0).toBeLessThanOrEqual(burst + 1e-6);
      },
    ),
  );
});

test("tells how much of the rate was used", () => {
  expect(usedShare([0, SECOND, 2 * SECOND], 1)).toBe(1);
  expect(usedShare([0, 2 * SECOND], 1)).toBe(0.5);
});
