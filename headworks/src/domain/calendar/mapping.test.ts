// Tests of mappings between partitionings: a day its games, a game its day, a week its seven days.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { type Mapping, upstreamPartitions } from "./mapping.ts";
import type { CalendarUnit } from "./partition-key.ts";
import {
  type CalendarPartitions,
  type DynamicPartitions,
  keyAt,
  type PartitionSet,
  windowOf,
} from "./partitions.ts";

const NATURAL: Mapping = { kind: "natural" };
const SINGLE: PartitionSet = { kind: "single" };
const set = (unit: CalendarUnit, more: Partial<CalendarPartitions> = {}): CalendarPartitions => ({
  kind: "calendar",
  unit,
  timezone: "America/New_York",
  start: "2025-10-21",
  opens: "end",
  ...more,
});
const games: DynamicPartitions = { kind: "dynamic", name: "games", within: set("day") };
const teams: DynamicPartitions = { kind: "dynamic", name: "teams", within: { kind: "single" } };
const keys = (...list: string[]) => ({ kind: "keys", keys: list });

const UNITS: readonly CalendarUnit[] = ["hour", "day", "week", "month"];
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

describe("naturally", () => {
  test.each([
    ["a day needs the same day", "day", "2026-01-14", "day", ["2026-01-14"]],
    ["a day needs the week it lies in", "day", "2026-01-14", "week", ["2026-W03"]],
    ["a day needs the month it lies in", "day", "2026-01-31", "month", ["2026-01"]],
    ["an hour needs the day it lies in", "hour", "2026-01-14T23-05:00", "day", ["2026-01-14"]],
    ["a week between two months needs both", "week", "2026-W05", "month", ["2026-01", "2026-02"]],
  ] as const)("%s", (_sentence, unit, key, upstream, expected) => {
    expect(upstreamKeys(NATURAL, { set: set(unit), key }, set(upstream))).toEqual(expected);
  });

  test("a week needs its seven days", () => {
    const days = upstreamKeys(NATURAL, { set: set("week"), key: "2026-W03" }, set("day"));
    expect(days).toEqual(["12", "13", "14", "15", "16", "17", "18"].map((day) => `2026-01-${day}`));
  });

  test("a month needs the weeks that any of its days lie in", () => {
    const weeks = upstreamKeys(NATURAL, { set: set("month"), key: "2026-01" }, set("week"));
    expect(weeks).toEqual(["2026-W01", "2026-W02", "2026-W03", "2026-W04", "2026-W05"]);
  });

  test("a day of changing clocks needs its 23 or 25 hours", () => {
    const hours = (day: string) => upstreamKeys(NATURAL, { set: set("day"), key: day }, set("hour"));
    expect(hours("2026-03-08")).toHaveLength(23);
    expect(hours("2026-11-01")).toHaveLength(25);
  });

  test("a day needs both days of another zone that it reaches into", () => {
    const needed = upstreamKeys(
      NATURAL,
      { set: set("day"), key: "2026-01-14" },
      set("day", { timezone: "UTC" }),
    );
    expect(needed).toEqual(["2026-01-14", "2026-01-15"]);
  });

  test("partitions beyond the upstream's bounds are left out", () => {
    const bounded = set("day", { start: "2026-01-14", end: "2026-01-15" });
    expect(upstreamKeys(NATURAL, { set: set("week"), key: "2026-W03" }, bounded)).toEqual([
      "2026-01-14",
      "2026-01-15",
    ]);
    expect(upstreamKeys(NATURAL, { set: set("day"), key: "2026-01-16" }, bounded)).toEqual([]);
  });

  test("anything needs the one partition of a single set", () => {
    expect(upstreamPartitions(NATURAL, { set: set("day"), key: "2026-01-14" }, SINGLE)).toEqual(keys("all"));
    expect(upstreamPartitions(NATURAL, { set: games, key: "g1", parent: "2026-01-14" }, SINGLE)).toEqual(
      keys("all"),
    );
  });

  test("an output can be mapped to every partition of a set with an end", () => {
    const bounded = set("day", { end: "2025-10-23" });
    const needed = upstreamPartitions({ kind: "all" }, { set: set("day"), key: "2026-01-14" }, bounded);
    expect(needed).toEqual(keys("2025-10-21", "2025-10-22", "2025-10-23"));
  });

  test("a single output needs every partition of a set with an end", () => {
    const needed = upstreamPartitions(
      NATURAL,
      { set: SINGLE, key: "all" },
      set("day", { end: "2025-10-23" }),
    );
    expect(needed).toEqual(keys("2025-10-21", "2025-10-22", "2025-10-23"));
  });
});

describe("discovered partitions", () => {
  const game = { set: games, key: "g1", parent: "2026-01-14" };

  test("a game needs the same game, its day, and its day's week", () => {
    expect(upstreamPartitions(NATURAL, game, games)).toEqual(keys("g1"));
    expect(upstreamPartitions(NATURAL, game, set("day"))).toEqual(keys("2026-01-14"));
    expect(upstreamPartitions(NATURAL, game, set("week"))).toEqual(keys("2026-W03"));
  });

  test("a day needs the games within it, and a week those within its days", () => {
    const members = (...parents: string[]) => ({ kind: "members", parents });
    expect(upstreamPartitions(NATURAL, { set: set("day"), key: "2026-01-14" }, games)).toEqual(
      members("2026-01-14"),
    );
    const week = upstreamPartitions(NATURAL, { set: set("week"), key: "2025-W44" }, games);
    expect(week).toMatchObject({ kind: "members", parents: { length: 7 } });
  });

  test("a day needs all members of a set that lies within no calendar", () => {
    const needed = upstreamPartitions(NATURAL, { set: set("day"), key: "2026-01-14" }, teams);
    expect(needed).toEqual({ kind: "members", parents: ["all"] });
  });

  test("a game needs the members of another set that lie within its day", () => {
    const lineups: DynamicPartitions = { kind: "dynamic", name: "lineups", within: set("day") };
    expect(upstreamPartitions(NATURAL, game, lineups)).toEqual({ kind: "members", parents: ["2026-01-14"] });
  });

  test("a game can need the games of the days before its own", () => {
    const needed = upstreamPartitions({ kind: "range", from: -2, to: -1 }, game, games);
    expect(needed).toEqual({ kind: "members", parents: ["2026-01-12", "2026-01-13"] });
  });
});

describe("a range", () => {
  const range = (from: number, to: number): Mapping => ({ kind: "range", from, to });
  const day = (key: string) => ({ set: set("day"), key });

  test("counts from the natural partition", () => {
    expect(upstreamKeys(range(-2, 0), day("2026-01-14"), set("day"))).toEqual([
      "2026-01-12",
      "2026-01-13",
      "2026-01-14",
    ]);
    expect(upstreamKeys(range(-1, 0), day("2026-01-14"), set("week"))).toEqual(["2026-W02", "2026-W03"]);
    expect(upstreamKeys(range(1, 2), day("2026-01-31"), set("month"))).toEqual(["2026-02", "2026-03"]);
  });

  test("ends at the upstream's bounds", () => {
    const bounded = set("day", { end: "2025-10-30" });
    expect(upstreamKeys(range(-6, 0), day("2025-10-21"), bounded)).toEqual(["2025-10-21"]);
    expect(upstreamKeys(range(-6, 0), day("2025-10-22"), bounded)).toEqual(["2025-10-21", "2025-10-22"]);
    expect(upstreamKeys(range(0, 6), day("2025-10-29"), bounded)).toEqual(["2025-10-29", "2025-10-30"]);
    expect(upstreamKeys(range(-6, -1), day("2025-10-21"), bounded)).toEqual([]);
  });

  test("names no partition twice where a zone skipped a day", () => {
    const samoa = set("day", { timezone: "Pacific/Apia", start: "2011-01-01" });
    const needed = upstreamKeys(range(-3, 0), { set: samoa, key: "2012-01-01" }, samoa);
    expect(needed).toEqual(["2011-12-29", "2011-12-31", "2012-01-01"]);
  });

  test("over a changing clock counts hours as they pass", () => {
    const needed = upstreamKeys(range(-2, 0), { set: set("hour"), key: "2026-11-01T01-05:00" }, set("hour"));
    expect(needed).toEqual(["2026-11-01T00-04:00", "2026-11-01T01-04:00", "2026-11-01T01-05:00"]);
  });

  test("of one partitioning has as many partitions as it counts, in order, and zero to zero is the natural one", () => {
    fc.assert(
      fc.property(
        anyUnit,
        aMoment,
        fc.integer({ min: -20, max: 20 }),
        fc.nat(20),
        (unit, moment, from, more) => {
          const calendar = set(unit, { start: "1995-01-01" });
          const key = keyAt(calendar, moment);
          const needed = upstreamKeys(range(from, from + more), { set: calendar, key }, calendar);
          expect(needed).toHaveLength(more + 1);
          if (from <= 0 && from + more >= 0) expect(needed[-from]).toBe(key);
          const starts = needed.map((each) => windowOf(calendar, each).start.epochMilliseconds);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
        },
      ),
    );
  });
});
