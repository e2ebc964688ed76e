// Tests of durations: reading what people write, and writing what people read.

import fc from "fast-check";
import { expect, test } from "vitest";
import { findDurationMs, formatDuration } from "./duration.ts";

test.each([
  ["250ms", 250],
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["6h", 21_600_000],
  ["2d", 172_800_000],
  ["1.5h", 5_400_000],
  ["0s", 0],
])("%s is %i milliseconds", (text, ms) => {
  expect(findDurationMs(text)).toBe(ms);
});

test.each(["", "5", "s", "-5s", "5 s", "5S", "1h30m", "1e3s", ".5h", "5.h", "5w", "Infinityh"])(
  "%j is no duration",
  (text) => {
    expect(findDurationMs(text)).toBeUndefined();
  },
);

test("a whole number of any unit is read exactly", () => {
  const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const aUnit = fc.constantFrom("ms" as const, "s" as const, "m" as const, "h" as const, "d" as const);
  fc.assert(
    fc.property(fc.nat(100_000), aUnit, (amount, unit) => {
      expect(findDurationMs(`${amount}${unit}`)).toBe(amount * units[unit]);
    }),
  );
});

test.each([
  [0, "0ms"],
  [45, "45ms"],
  [999.6, "1.0s"],
  [3_200, "3.2s"],
  [9_999, "10s"],
  [59_999, "1m"],
  [90_000, "1m 30s"],
  [3_600_000, "1h"],
  [4_800_000, "1h 20m"],
  [3_601_000, "1h"],
  [90_061_000, "1d 1h"],
])("%d milliseconds read as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("what is shown is never off by more than the smaller of its two units", () => {
  const readBack = (text: string) =>
    text.split(" ").reduce((sum, part) => sum + (findDurationMs(part) ?? Number.NaN), 0);
  fc.assert(
    fc.property(fc.nat(40 * 86_400_000), (ms) => {
      const tolerance = ms < 10_000 ? 50 : ms < 3_599_500 ? 500 : ms < 86_399_500 ? 60_000 : 3_600_000;
      expect(Math.abs(readBack(formatDuration(ms)) - ms)).toBeLessThanOrEqual(tolerance);
    }),
  );
});

test("no more than two units are shown, and none that counts nothing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (ms) => {
      const parts = formatDuration(ms).split(" ");
      expect(parts.length).toBeLessThanOrEqual(2);
      for (const part of parts) expect(part).not.toMatch(/^0/);
    }),
  );
});
