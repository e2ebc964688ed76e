// Tests of which mappings cannot be used, and of when two partition sets are one.

import { describe, expect, test } from "vitest";
import { findMappingFault, isSameSet, type Mapping } from "./mapping.ts";
import type { CalendarUnit } from "./partition-key.ts";
import type { CalendarPartitions, DynamicPartitions, PartitionSet } from "./partitions.ts";

const NATURAL: Mapping = { kind: "natural" };
const ALL: Mapping = { kind: "all" };
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

describe("a fault", () => {
  const bounded = set("day", { end: "2026-06-30" });

  test.each<[string, Mapping, PartitionSet, PartitionSet]>([
    ["every partition of a calendar without end", ALL, set("day"), set("day")],
    ["a single output behind a calendar without end", NATURAL, SINGLE, set("day")],
    ["a discovered set of no calendar behind one without end", NATURAL, teams, set("day")],
    ["all the games of days without end", ALL, set("day"), games],
    ["a single output behind games of days without end", NATURAL, SINGLE, games],
    ["a range that ends before it begins", { kind: "range", from: 1, to: 0 }, set("day"), set("day")],
  ])("is found in %s", (_what, mapping, of, upstream) => {
    expect(findMappingFault(mapping, of, upstream)).toMatch(/^it/);
  });

  test.each<[string, Mapping, PartitionSet, PartitionSet]>([
    ["a natural mapping of calendars without end", NATURAL, set("week"), set("day")],
    ["every partition of a calendar with an end", ALL, set("day"), bounded],
    ["a single output behind a calendar with an end", NATURAL, SINGLE, bounded],
    ["a range of a calendar without end", { kind: "range", from: -6, to: 0 }, set("day"), set("day")],
    ["a range of one", { kind: "range", from: -1, to: -1 }, set("day"), set("day")],
    ["every partition of a single set", ALL, set("day"), SINGLE],
    ["all members of a set within no calendar", ALL, set("day"), teams],
    ["the games of a day", NATURAL, set("day"), games],
  ])("is not found in %s", (_what, mapping, of, upstream) => {
    expect(findMappingFault(mapping, of, upstream)).toBeUndefined();
  });
});

describe("two sets are one", () => {
  test("when their unit and zone agree, whatever their bounds", () => {
    expect(isSameSet(set("day"), set("day", { start: "2020-01-01", end: "2020-02-01" }))).toBe(true);
    expect(isSameSet(set("day"), set("week"))).toBe(false);
    expect(isSameSet(set("day"), set("day", { timezone: "UTC" }))).toBe(false);
  });

  test("when they are discovered under one name, or are both single", () => {
    expect(isSameSet(games, { ...games })).toBe(true);
    expect(isSameSet(games, teams)).toBe(false);
    expect(isSameSet(SINGLE, { kind: "single" })).toBe(true);
    expect(isSameSet(SINGLE, set("day"))).toBe(false);
  });
});
