// Calendar sets of partitions as tests draw them: of every unit, in zones and about dates in which clocks change.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { CalendarUnit } from "./partition-key.ts";
import type { CalendarPartitions } from "./partitions.ts";

const ZONES = [
  "UTC",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Havana",
  "Europe/Berlin",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const DAYS_LISTED = { hour: 4, day: 60, week: 200, month: 900 };
const aZone = fc.constantFrom(...ZONES);
const aUnit = fc.constantFrom<CalendarUnit>("hour", "day", "week", "month");
const anOrdinaryDate = fc
  .integer({ min: 0, max: 16_000 })
  .map((days) => Temporal.PlainDate.from("1992-01-01").add({ days }));
/** Dates about which some of the zones change their clocks, or skip a day. */
const aDateOfChange = fc
  .tuple(
    fc.constantFrom(
      "2018-11-04",
      "2019-02-16",
      "2026-03-08",
      "2026-04-05",
      "2026-09-27",
      "2026-10-04",
      "2026-11-01",
      "2011-12-30",
    ),
    fc.integer({ min: -3, max: 1 }),
  )
  .map(([date, days]) => Temporal.PlainDate.from(date).add({ days }));
const aDate = fc.oneof(anOrdinaryDate, aDateOfChange);

type Bounded = CalendarPartitions & { end: string };
export const aBoundedSet: fc.Arbitrary<Bounded> = fc
  .tuple(aUnit, aZone, aDate, fc.nat(1_000), fc.constantFrom("start" as const, "end" as const))
  .map(([unit, timezone, first, days, opens]) => {
    const end = first.add({ days: days % DAYS_LISTED[unit] }).toString();
    return { kind: "calendar", unit, timezone, start: first.toString(), end, opens };
  });

export const set = (
  unit: CalendarUnit,
  timezone: string,
  more: Partial<CalendarPartitions> = {},
): CalendarPartitions => ({
  kind: "calendar",
  unit,
  timezone,
  start: "2025-10-21",
  opens: "end",
  ...more,
});
export const startOf = (date: string, timezone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime(timezone).toInstant();
