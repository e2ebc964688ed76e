// Tests of the rate limit: never more than rate · window + burst, and never less than the rate while there is demand.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rateOf, reserveSlots, slotsWithin } from "./rate-limit.ts";

const NOW = 1_700_000_000_000_000;
const aRate = fc
  .record({
    perSecond: fc.double({ min: 0.001, max: 5_000, noNaN: true }),
    burst: fc.double({ min: 1, max: 50, noNaN: true }),
  })
  .map((limits) => ({ ...limits, rate: rateOf(limits.perSecond, limits.burst) }));
const reservations = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    pauseUs: fc.integer({ min: -50_000, max: 3_000_000 }),
  }),
  { minLength: 1, maxLength: 15 },
);

/** What several processes get that reserve one after the other; a negative pause is a clock that was read too early. */
function reserveAll(rate: ReturnType<typeof rateOf>, steps: { count: number; pauseUs: number }[]) {
  let arrivalUs = 0;
  let nowUs = NOW;
  return steps.map(({ count, pauseUs }) => {
    nowUs += pauseUs;
    const reservation = reserveSlots(rate, arrivalUs, count, nowUs);
    arrivalUs = reservation.arrivalUs;
    return { ...reservation, nowUs };
  });
}

describe("the slots", () => {
  test("never hold more than rate · window + burst in any window", () => {
    fc.assert(
      fc.property(aRate, reservations, ({ perSecond, burst, rate }, steps) => {
        const slots = reserveAll(rate, steps)
          .flatMap((reservation) => reservation.slotsUs)
          .sort((a, b) => a - b);
        // Every window that begins and ends with a request: all others hold no more.
        const excess = slots.flatMap((from, first) =>
          slots.slice(first).map((to, offset) => offset + 1 - ((to - from) / 1_000_000) * perSecond - burst),
        );
        expect(Math.max(...excess)).toBeLessThanOrEqual(1e-6);
      }),
    );
  });

  test("are never in the past, and in order", () => {
    fc.assert(
      fc.property(aRate, reservations, ({ rate }, steps) => {
        for (const { slotsUs, nowUs } of reserveAll(rate, steps)) {
          expect(slotsUs[0]).toBeGreaterThanOrEqual(nowUs);
          expect([...slotsUs].sort((a, b) => a - b)).toEqual(slotsUs);
        }
      }),
    );
  });

  test("don't depend on how many are reserved together", () => {
    fc.assert(
      fc.property(aRate, fc.integer({ min: 2, max: 30 }), ({ rate }, count) => {
        const together = reserveAll(rate, [{ count, pauseUs: 0 }]);
        const oneByOne = reserveAll(rate, Array(count).fill({ count: 1, pauseUs: 0 }));
        expect(together.flatMap((each) => each.slotsUs)).toEqual(oneByOne.flatMap((each) => each.slotsUs));
      }),
    );
  });

  test("use the whole rate: all of the burst at once, then one every interval", () => {
    expect(reserveSlots(rateOf(4, 3), 0, 6, NOW).slotsUs.map((slot) => slot - NOW)).toEqual([
      0, 0, 0, 250_000, 500_000, 750_000,
    ]);
  });

  test("are evenly spaced without a burst", () => {
    expect(reserveSlots(rateOf(2), 0, 3, NOW).slotsUs.map((slot) => slot - NOW)).toEqual([
      0, 500_000, 1_000_000,
    ]);
  });
});

test("a pause earns back the burst, but no more than that", () => {
  const rate = rateOf(10, 2);
  const { arrivalUs } = reserveSlots(rate, 0, 5, NOW);
  const muchLater = NOW + 3_600_000_000;
  expect(reserveSlots(rate, arrivalUs, 4, muchLater).slotsUs.map((slot) => slot - muchLater)).toEqual([
    0, 0, 100_000, 200_000,
  ]);
});

test("a rate that is no whole number of microseconds is rounded down", () => {
  expect(rateOf(3).intervalUs).toBe(333_334);
  expect(rateOf(0.001).intervalUs).toBe(1_000_000_000);
});

test("so many slots come within a time, but one can always be taken", () => {
  expect(slotsWithin(rateOf(100), 250)).toBe(25);
  expect(slotsWithin(rateOf(0.1), 250)).toBe(1);
});
