// Tests of when a pattern comes up: against a brute-force reading of the clock of many zones, minute by minute.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { type CronPattern, parseCron } from "./cron.ts";
import { nextSlot, slotsAfter } from "./cron-slots.ts";

const ZONES = [
  "UTC",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Havana",
  "America/St_Johns",
  "America/Scoresbysund",
  "America/Nuuk",
  "Europe/Berlin",
  "Africa/Casablanca",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const aList = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join(","));
const orStar = (field: fc.Arbitrary<string>) => fc.oneof(fc.constant("*"), field);
const aPattern = fc
  .tuple(
    fc.oneof(aList(0, 59), fc.constantFrom("*/15", "*/30", "*/20")),
    fc.oneof(fc.constant("*"), aList(0, 23), aList(0, 3), fc.constantFrom("*/2", "22-23")),
    orStar(aList(1, 31)),
    orStar(aList(1, 12)),
    orStar(aList(0, 7)),
  )
  .map((fields) => fields.join(" "));
/** Within two days of a change of a zone's clock. */
const aChange = fc
  .tuple(
    fc.constantFrom(...ZONES),
    fc.integer({ min: ms("1990-01-01T00:00Z"), max: ms("2037-01-01T00:00Z") }),
    fc.integer({ min: -48 * 60, max: 48 * 60 }),
  )
  .map(([zone, at, minutes]) => {
    const near = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
    const change = near.getTimeZoneTransition("previous") ?? near;
    return { zone, at: change.add({ minutes }).epochMilliseconds };
  });

function reads(pattern: CronPattern, wall: Temporal.PlainDateTime): boolean {
  const day = pattern.days.has(wall.day);
  const weekday = pattern.weekdays.has(wall.dayOfWeek);
  return (
    pattern.minutes.includes(wall.minute) &&
    pattern.hours.includes(wall.hour) &&
    pattern.months.has(wall.month) &&
    (pattern.eitherDay ? day || weekday : day && weekday)
  );
}

/** The definition: each minute that a clock on the wall ought to show, and the instants at which it then is. */
function bruteForce(text: string, zone: string, from: number, until: number): number[] {
  const pattern = parseCron(text);
  const slots = new Set<number>();
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDateTime();
  const start = first.round({ smallestUnit: "minute", roundingMode: "floor" }).subtract({ hours: 26 });
  const minutes = (until - from) / 60_000 + 2 * 26 * 60;
  for (let minute = 0; minute <= minutes; minute += 1) {
    const wall = start.add({ minutes: minute });
    if (!reads(pattern, wall)) continue;
    const wanted =
      pattern.hours.length === 24 ? (["compatible", "later"] as const) : (["compatible"] as const);
    for (const disambiguation of wanted) {
      slots.add(wall.toZonedDateTime(zone, { disambiguation }).epochMilliseconds);
    }
  }
  return [...slots].filter((slot) => slot > from && slot <= until).sort((a, b) => a - b);
}

function slotsUntil(text: string, zone: string, from: number, until: number): number[] {
  const found: number[] = [];
  for (const slot of slotsAfter(parseCron(text), zone, from)) {
    if (slot > until) break;
    found.push(slot);
  }
  return found;
}

const utc = (slots: readonly number[]) => slots.map((slot) => new Date(slot).toISOString().slice(5, 16));

test("slots about a change of the clock are those of the definition, in every zone", () => {
  fc.assert(
    fc.property(aPattern, aChange, (pattern, { zone, at }) => {
      const until = at + 30 * 3_600_000;
      expect(slotsUntil(pattern, zone, at, until)).toEqual(bruteForce(pattern, zone, at, until));
    }),
    { numRuns: 150 },
  );
}, 120_000);

test("going on from any slot gives the same as going on", () => {
  fc.assert(
    fc.property(aPattern, aChange, (pattern, { zone, at }) => {
      const until = at + 50 * 3_600_000;
      const slots = slotsUntil(pattern, zone, at, until);
      let cursor = at;
      const stepped = slots.map(() => {
        cursor = nextSlot(parseCron(pattern), zone, cursor) ?? Number.NaN;
        return cursor;
      });
      expect(stepped).toEqual(slots);
    }),
    { numRuns: 60 },
  );
}, 120_000);

describe("where a clock is changed", () => {
  test.each([
    ["skipped: as much later", "30 2 * * *", "America/New_York", "2026-03-08T05:00Z", ["03-08T07:30"]],
    [
      "skipped, all of a list",
      "15,45 2 * * *",
      "America/New_York",
      "2026-03-08T05:00Z",
      ["03-08T07:15", "03-08T07:45"],
    ],
    ["repeated: once", "30 1 * * *", "America/New_York", "2026-11-01T03:00Z", ["11-01T05:30"]],
    [
      "every hour, repeated: both",
      "30 * * * *",
      "America/New_York",
      "2026-11-01T05:00Z",
      ["11-01T05:30", "11-01T06:30", "11-01T07:30"],
    ],
    ["half an hour skipped", "10 2 * * *", "Australia/Lord_Howe", "2026-10-03T13:00Z", ["10-03T15:40"]],
    ["half an hour repeated", "45 1 * * *", "Australia/Lord_Howe", "2026-04-04T10:00Z", ["04-04T14:45"]],
    ["moved past midnight", "30 23 * * *", "America/Scoresbysund", "2026-03-28T18:00Z", ["03-29T01:30"]],
  ])("%s", (_name, pattern, zone, from, expected) => {
    expect(
      utc(slotsUntil(pattern, zone, ms(from), ms(from) + 12 * 3_600_000)).slice(0, expected.length),
    ).toEqual(expected);
  });

  test("a day job of a whole year comes once on each day", () => {
    for (const zone of ZONES) {
      for (const pattern of ["30 2 * * *", "0 0 * * *", "45 1 * * *"]) {
        const from = Temporal.ZonedDateTime.from(`2025-12-31T12:00[${zone}]`).epochMilliseconds;
        const until = Temporal.ZonedDateTime.from(`2026-12-31T12:00[${zone}]`).epochMilliseconds;
        expect({ zone, pattern, slots: slotsUntil(pattern, zone, from, until).length }).toEqual({
          zone,
          pattern,
          slots: 365,
        });
      }
    }
  });
});

test("29 February comes in leap years only, also over a century that has none", () => {
  const years: number[] = [];
  for (const slot of slotsAfter(parseCron("0 12 29 2 *"), "UTC", ms("2090-01-01T00:00Z"))) {
    if (years.push(new Date(slot).getUTCFullYear()) === 4) break;
  }
  expect(years).toEqual([2092, 2096, 2104, 2108]);
});

test("a day that no month has never comes", () => {
  expect(nextSlot(parseCron("0 0 31 2,4 *"), "UTC", 0)).toBeUndefined();
});
