// Tests of which partitions are open, covered, or share time with a window.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { aBoundedSet, set, startOf } from "./partitions.fixture.ts";
import { allKeys, covers, keysOverlapping, openKeys, opensAt, windowOf } from "./partitions.ts";

const at = (text: string) => Temporal.Instant.from(text);

describe("open keys", () => {
  test("grow with time and keep what they had", () => {
    fc.assert(
      fc.property(aBoundedSet, fc.nat(60_000), fc.nat(60_000), (calendar, minutes, more) => {
        const now = startOf(calendar.start, calendar.timezone).add({ minutes });
        const earlier = openKeys(calendar, now);
        const later = openKeys(calendar, now.add({ minutes: more }));
        expect(later.slice(0, earlier.length)).toEqual(earlier);
      }),
    );
  });

  test("are those of all keys that open by then, and in the end all of them", () => {
    fc.assert(
      fc.property(aBoundedSet, fc.nat(60_000), (calendar, minutes) => {
        const now = startOf(calendar.start, calendar.timezone).add({ minutes });
        const all = allKeys(calendar) ?? [];
        const opened = all.filter((key) => opensAt(calendar, key) <= now.epochMilliseconds);
        expect(openKeys(calendar, now)).toEqual(opened);
        expect(openKeys(calendar, at("2100-01-01T00:00Z"))).toEqual(all);
      }),
    );
  });

  test("hold a day from midnight of its zone when it opens at the end, not a second before", () => {
    const calendar = set("day", "America/New_York", { start: "2026-01-13" });
    expect(openKeys(calendar, at("2026-01-15T04:59:59Z"))).toEqual(["2026-01-13"]);
    expect(openKeys(calendar, at("2026-01-15T05:00:00Z"))).toEqual(["2026-01-13", "2026-01-14"]);
  });

  test("hold a day from its beginning when it opens at the start", () => {
    const calendar = set("day", "America/New_York", { start: "2026-01-14", opens: "start" });
    expect(openKeys(calendar, at("2026-01-14T04:59:59Z"))).toEqual([]);
    expect(openKeys(calendar, at("2026-01-14T05:00:00Z"))).toEqual(["2026-01-14"]);
  });
});

describe("covering", () => {
  test("is refused to texts that aren't keys, without an error", () => {
    for (const text of ["", "all", "2026-02-30", "2026-W03"])
      expect(covers(set("day", "UTC"), text)).toBe(false);
  });

  test("has no end where the set has none", () => {
    expect(covers(set("day", "UTC"), "2031-01-01")).toBe(true);
    expect(covers(set("day", "UTC"), "2025-10-20")).toBe(false);
  });
});

test("the keys that overlap a window are those of all keys that share time with it", () => {
  fc.assert(
    fc.property(
      aBoundedSet,
      fc.integer({ min: -3_000, max: 60_000 }),
      fc.integer({ min: 1, max: 9_000 }),
      (calendar, from, length) => {
        const start = startOf(calendar.start, calendar.timezone).add({ minutes: from });
        const end = start.add({ minutes: length });
        const sharing = (allKeys(calendar) ?? []).filter((key) => {
          const window = windowOf(calendar, key);
          return (
            Temporal.Instant.compare(window.start, end) < 0 && Temporal.Instant.compare(start, window.end) < 0
          );
        });
        expect(keysOverlapping(calendar, { start, end })).toEqual(sharing);
      },
    ),
  );
});
