// Tests of the arithmetic against the calendar library: wherever it answers, it answers the same.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { epochOfLocal, plainStart } from "./local-time.ts";
import { type CalendarPartitions, keyAt, opensAt, windowOf } from "./partitions.ts";

const aZone = fc.constantFrom(
  "UTC",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Havana",
  "Europe/Berlin",
  "Africa/Casablanca",
  "Africa/Monrovia",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
);
const aUnit = fc.constantFrom("hour" as const, "day" as const, "week" as const, "month" as const);
const anInstant = fc
  .integer({ min: Date.UTC(1973, 0), max: Date.UTC(2100, 0) })
  .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
const opens = fc.constantFrom("start" as const, "end" as const);

test("a partition opens when its window says so, in every zone, also about a change of its clock", () => {
  fc.assert(
    fc.property(aUnit, aZone, anInstant, fc.boolean(), opens, (unit, timezone, instant, atChange, when) => {
      const change = instant.toZonedDateTimeISO(timezone).getTimeZoneTransition("next")?.toInstant();
      const calendar: CalendarPartitions = {
        kind: "calendar",
        unit,
        timezone,
        start: "1970-01-01",
        opens: when,
      };
      const key = keyAt(calendar, atChange && change !== undefined ? change : instant);
      expect(opensAt(calendar, key)).toBe(windowOf(calendar, key)[when].epochMilliseconds);
    }),
    { numRuns: 1_000 },
  );
});

test("a local time that arithmetic answers is shown by the zone's clock once, at that moment", () => {
  fc.assert(
    fc.property(aZone, anInstant, (timezone, { epochMilliseconds: localMs }) => {
      const epochMs = epochOfLocal(timezone, localMs);
      if (epochMs === undefined) return;
      const local = Temporal.Instant.fromEpochMilliseconds(localMs)
        .toZonedDateTimeISO("UTC")
        .toPlainDateTime();
      for (const disambiguation of ["earlier", "later"] as const)
        expect(local.toZonedDateTime(timezone, { disambiguation }).epochMilliseconds).toBe(epochMs);
    }),
    { numRuns: 1_000 },
  );
});

test("most days and hours take no more than arithmetic", () => {
  expect(plainStart("day", "2026-01-14", "America/New_York")?.epochMs).toBe(Date.UTC(2026, 0, 14, 5));
  expect(plainStart("hour", "2026-01-14T05-05:00", "America/New_York")?.epochMs).toBe(
    Date.UTC(2026, 0, 14, 10),
  );
});

test.each(["2026-02-30", "2026-13-01", "0026-01-01", "2026-1-1", "2026-01-14T05-05:00"])(
  "%s is left to the calendar library",
  (key) => expect(plainStart("day", key, "UTC")).toBeUndefined(),
);

test.each(["2026-01-14T24+00:00", "2026-01-14T05-00:00", "2026-01-14T05+01:00", "2026-02-29T05+00:00"])(
  "the hour %s isn't taken for one of UTC",
  (key) => expect(plainStart("hour", key, "UTC")).toBeUndefined(),
);
