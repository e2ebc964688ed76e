// Tests of calendar partitions: their windows tile time, and what is open, covered and listed agrees.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { aBoundedSet, set, startOf } from "./partitions.fixture.ts";
import { allKeys, type CalendarPartitions, covers, keyAt, shiftKey, windowOf } from "./partitions.ts";

const hoursOf = (of: CalendarPartitions, key: string) => {
  const { start, end } = windowOf(of, key);
  return start.until(end).total("hours");
};
const endOf = (date: string, timezone: string) =>
  startOf(Temporal.PlainDate.from(date).add({ days: 1 }).toString(), timezone);

describe("a window", () => {
  test.each([
    ["America/New_York", "2026-03-08", 23],
    ["America/New_York", "2026-11-01", 25],
    ["America/New_York", "2026-01-14", 24],
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["Australia/Lord_Howe", "2026-10-04", 23.5],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["America/Sao_Paulo", "2018-11-04", 23],
    ["America/Sao_Paulo", "2018-11-05", 24],
    ["America/Sao_Paulo", "2019-02-16", 25],
    ["Pacific/Apia", "2011-12-29", 24],
  ])("of a day in %s on %s has its real length of %d hours", (timezone, key, hours) => {
    expect(hoursOf(set("day", timezone), key)).toBe(hours);
  });

  test("of a week with a change of the clock has an hour less or more", () => {
    expect(hoursOf(set("week", "America/New_York"), "2026-W10")).toBe(167);
    expect(hoursOf(set("week", "America/New_York"), "2026-W44")).toBe(169);
  });

  test("holds the moment whose key names it", () => {
    fc.assert(
      fc.property(aBoundedSet, fc.nat(10_000), ({ ...calendar }, minutes) => {
        const moment = startOf(calendar.start, calendar.timezone).add({ minutes });
        const { start, end } = windowOf(calendar, keyAt(calendar, moment));
        expect(Temporal.Instant.compare(start, moment)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(moment, end)).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });

  test("is refused for a key of another unit", () => {
    expect(() => windowOf(set("day", "UTC"), "2026-W03")).toThrow(RangeError);
  });
});

describe("all keys of a set", () => {
  test("are distinct, and their windows tile its time without gap or overlap", () => {
    fc.assert(
      fc.property(aBoundedSet, (calendar) => {
        const keys = allKeys(calendar) ?? [];
        const windows = keys.map((key) => windowOf(calendar, key));
        expect(new Set(keys).size).toBe(keys.length);
        for (const [index, window] of windows.entries()) {
          const next = windows[index + 1];
          if (next !== undefined) expect(window.end.toString()).toBe(next.start.toString());
        }
        const first = startOf(calendar.start, calendar.timezone);
        const last = endOf(calendar.end, calendar.timezone);
        expect(Temporal.Instant.compare(windows.at(0)?.start ?? first, first)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(windows.at(-1)?.end ?? first, last)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  test("are all covered, and the ones before and after them aren't", () => {
    fc.assert(
      fc.property(aBoundedSet, (calendar) => {
        const keys = allKeys(calendar) ?? [];
        for (const key of keys) expect(covers(calendar, key)).toBe(true);
        const [first, last] = [keys.at(0), keys.at(-1)];
        if (first === undefined || last === undefined) return;
        expect(covers(calendar, shiftKey(calendar, first, -1))).toBe(false);
        expect(covers(calendar, shiftKey(calendar, last, 1))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test("follow one another by a step of one", () => {
    fc.assert(
      fc.property(aBoundedSet, (calendar) => {
        const keys = allKeys(calendar) ?? [];
        expect(keys.slice(0, -1).map((key) => shiftKey(calendar, key, 1))).toEqual(keys.slice(1));
        expect(keys.slice(1).map((key) => shiftKey(calendar, key, -1))).toEqual(keys.slice(0, -1));
      }),
      { numRuns: 40 },
    );
  });

  test("of hours number 23 or 25 when the clock changes, each with a name of its own", () => {
    const hours = (day: string) => allKeys(set("hour", "America/New_York", { start: day, end: day })) ?? [];
    expect(hours("2026-03-08")).toHaveLength(23);
    expect(hours("2026-03-08")).not.toContain("2026-03-08T02-05:00");
    expect(new Set(hours("2026-11-01")).size).toBe(25);
    expect(hours("2026-11-01").slice(1, 3)).toEqual(["2026-11-01T01-04:00", "2026-11-01T01-05:00"]);
  });

  test("leave out the day that Samoa skipped", () => {
    const calendar = set("day", "Pacific/Apia", { start: "2011-12-28", end: "2012-01-01" });
    expect(allKeys(calendar)).toEqual(["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
  });

  test("take in the weeks and months that the bounds lie in", () => {
    const bounds = { start: "2026-01-14", end: "2026-02-02" };
    expect(allKeys(set("week", "UTC", bounds))).toEqual(["2026-W03", "2026-W04", "2026-W05", "2026-W06"]);
    expect(allKeys(set("month", "UTC", bounds))).toEqual(["2026-01", "2026-02"]);
  });

  test("of a set of one day is that day", () => {
    expect(allKeys(set("day", "UTC", { end: "2025-10-21" }))).toEqual(["2025-10-21"]);
  });

  test("can't be named where the set has no end", () => {
    expect(allKeys(set("day", "UTC"))).toBeUndefined();
  });
});
