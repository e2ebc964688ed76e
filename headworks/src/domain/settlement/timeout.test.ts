// Tests of dynamic timeouts: their bounds, and when history counts.

import fc from "fast-check";
import { expect, test } from "vitest";
import { dynamicTimeoutMs } from "./timeout.ts";

const settings = fc
  .record({
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    floorMs: fc.integer({ min: 1, max: 1_000_000 }),
    room: fc.integer({ min: 0, max: 10_000_000 }),
    minSamples: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ room, ...rest }) => ({ ...rest, ceilingMs: rest.floorMs + room }));
const p95 = fc.double({ min: 0, max: 1e9, noNaN: true });

test("with too few samples, or none, the declared timeout holds", () => {
  fc.assert(
    fc.property(
      settings,
      p95,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (of, p95Ms, share) => {
        expect(dynamicTimeoutMs(of, undefined)).toBeUndefined();
        expect(dynamicTimeoutMs(of, { samples: Math.floor(of.minSamples * share), p95Ms })).toBeUndefined();
      },
    ),
  );
});

test("it is never below the floor, never above the ceiling, and never cuts a usual run unless the ceiling does", () => {
  fc.assert(
    fc.property(settings, p95, (of, p95Ms) => {
      const ms = dynamicTimeoutMs(of, { samples: of.minSamples, p95Ms }) ?? Number.NaN;
      expect(ms).toBeGreaterThanOrEqual(of.floorMs);
      expect(ms).toBeLessThanOrEqual(of.ceilingMs);
      expect(ms >= p95Ms || ms === of.ceilingMs).toBe(true);
    }),
  );
});

test("slower runs never make it shorter", () => {
  fc.assert(
    fc.property(settings, p95, p95, (of, one, other) => {
      const at = (p95Ms: number) => dynamicTimeoutMs(of, { samples: of.minSamples, p95Ms }) ?? Number.NaN;
      expect(at(Math.max(one, other))).toBeGreaterThanOrEqual(at(Math.min(one, other)));
    }),
  );
});

test.each([
  [10_000, 30_000],
  [100, 5_000],
  [600_000, 900_000],
])("three times a P95 of %i ms, between 5 s and 15 min, is %i ms", (p95Ms, expected) => {
  const of = { factor: 3, floorMs: 5_000, ceilingMs: 900_000, minSamples: 20 };
  expect(dynamicTimeoutMs(of, { samples: 20, p95Ms })).toBe(expected);
});
