// Properties of mappings between any two calendars, also in different zones.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { type Mapping, upstreamPartitions } from "./mapping.ts";
import type { CalendarUnit } from "./partition-key.ts";
import { type CalendarPartitions, keyAt, type PartitionSet, windowOf } from "./partitions.ts";

const NATURAL: Mapping = { kind: "natural" };
const set = (unit: CalendarUnit, more: Partial<CalendarPartitions> = {}): CalendarPartitions => ({
  kind: "calendar",
  unit,
  timezone: "America/New_York",
  start: "2025-10-21",
  opens: "end",
  ...more,
});

const UNITS: readonly CalendarUnit[] = ["hour", "day", "week", "month"];
const aZone = fc.constantFrom(
  "UTC",
  "America/New_York",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
);
const aMoment = fc
  .integer({ min: 0, max: 60 * 24 * 9_000 })
  .map((minutes) => Temporal.Instant.from("2001-01-01T00:00Z").add({ minutes }));
const anyUnit = fc.constantFrom(...UNITS);

function upstreamKeys(
  mapping: Mapping,
  of: { set: PartitionSet; key: string },
  upstream: PartitionSet,
): string[] {
  const partitions = upstreamPartitions(mapping, of, upstream);
  return partitions.kind === "keys" ? partitions.keys : [];
}

describe("whatever the calendars", () => {
  const twoSets = fc
    .tuple(anyUnit, anyUnit, aZone, aZone, aMoment)
    .map(([unit, other, zone, otherZone, moment]) => {
      const of = set(unit, { timezone: zone, start: "1995-01-01" });
      return {
        of,
        key: keyAt(of, moment),
        upstream: set(other, { timezone: otherZone, start: "1995-01-01" }),
      };
    });

  test("natural needs share time with the partition and cover all of it", () => {
    fc.assert(
      fc.property(twoSets, ({ of, key, upstream }) => {
        const window = windowOf(of, key);
        const windows = upstreamKeys(NATURAL, { set: of, key }, upstream).map((each) =>
          windowOf(upstream, each),
        );
        for (const { start, end } of windows) {
          expect(Temporal.Instant.compare(start, window.end)).toBe(-1);
          expect(Temporal.Instant.compare(window.start, end)).toBe(-1);
        }
        expect(
          Temporal.Instant.compare(windows.at(0)?.start ?? window.end, window.start),
        ).toBeLessThanOrEqual(0);
        expect(
          Temporal.Instant.compare(windows.at(-1)?.end ?? window.start, window.end),
        ).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  test("what a partition needs, needs it in turn: a week its days, each day its week", () => {
    fc.assert(
      fc.property(twoSets, ({ of, key, upstream }) => {
        for (const needed of upstreamKeys(NATURAL, { set: of, key }, upstream).slice(0, 40)) {
          expect(upstreamKeys(NATURAL, { set: upstream, key: needed }, of)).toContain(key);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("within one zone, the parts of a day, week or month lie wholly within it", () => {
    const nested = fc.constantFrom<[CalendarUnit, CalendarUnit]>(
      ["day", "hour"],
      ["week", "day"],
      ["month", "day"],
      ["week", "hour"],
    );
    fc.assert(
      fc.property(nested, aZone, aMoment, ([coarse, fine], timezone, moment) => {
        const [of, upstream] = [
          set(coarse, { timezone, start: "1995-01-01" }),
          set(fine, { timezone, start: "1995-01-01" }),
        ];
        const key = keyAt(of, moment);
        const window = windowOf(of, key);
        const parts = upstreamKeys(NATURAL, { set: of, key }, upstream).map((part) =>
          windowOf(upstream, part),
        );
        expect(parts.at(0)?.start.toString()).toBe(window.start.toString());
        expect(parts.at(-1)?.end.toString()).toBe(window.end.toString());
      }),
      { numRuns: 40 },
    );
  });
});
