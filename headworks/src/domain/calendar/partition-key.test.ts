// Tests of partition keys: they name one moment each, in every zone, also where the clock is changed.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import {
  type CalendarUnit,
  formatKey,
  KEY_EXAMPLES,
  parseKey,
  shiftStart,
  startOfUnit,
} from "./partition-key.ts";

const ZONES = [
  "UTC",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Havana",
  "America/St_Johns",
  "Europe/Berlin",
  "Africa/Casablanca",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Asia/Pyongyang",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const UNITS: readonly CalendarUnit[] = ["hour", "day", "week", "month"];
const aZone = fc.constantFrom(...ZONES);
const aUnit = fc.constantFrom(...UNITS);
const epoch = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const anInstant = fc
  .integer({ min: epoch("1990-01-01T00:00Z"), max: epoch("2037-12-31T00:00Z") })
  .map((milliseconds) => Temporal.Instant.fromEpochMilliseconds(milliseconds));
/** Within three hours of a change of the zone's clock, where there is one. */
const nearAChange = fc
  .tuple(aZone, anInstant, fc.integer({ min: -180, max: 180 }))
  .map(([zone, instant, minutes]) => {
    const change = instant.toZonedDateTimeISO(zone).getTimeZoneTransition("previous");
    return (change ?? instant.toZonedDateTimeISO(zone)).add({ minutes });
  });
const aMoment = fc.oneof(
  nearAChange,
  fc.tuple(aZone, anInstant).map(([zone, instant]) => instant.toZonedDateTimeISO(zone)),
);

const keyOf = (unit: CalendarUnit, text: string) =>
  formatKey(unit, startOfUnit(unit, Temporal.ZonedDateTime.from(text)));

describe("a key", () => {
  test.each(UNITS)("of one %s looks like its example", (unit) => {
    expect(keyOf(unit, "2026-01-14T05:17:59-05:00[America/New_York]")).toBe(KEY_EXAMPLES[unit]);
  });

  test("of a week is the ISO one, whose year may differ from the date's", () => {
    expect(keyOf("week", "2027-01-01T12:00[UTC]")).toBe("2026-W53");
    expect(keyOf("week", "2024-12-30T12:00[UTC]")).toBe("2025-W01");
  });

  test("of an hour tells the two passes of a repeated hour apart", () => {
    expect(keyOf("hour", "2026-11-01T01:30:00-04:00[America/New_York]")).toBe("2026-11-01T01-04:00");
    expect(keyOf("hour", "2026-11-01T01:30:00-05:00[America/New_York]")).toBe("2026-11-01T01-05:00");
  });

  test("of an hour carries an offset of quarter hours", () => {
    expect(keyOf("hour", "2026-01-14T05:59[Asia/Kathmandu]")).toBe("2026-01-14T05+05:45");
  });

  test("names the part of an hour that is left or repeated when a clock moves by 30 minutes", () => {
    expect(keyOf("hour", "2026-10-04T02:45[Australia/Lord_Howe]")).toBe("2026-10-04T02+11:00");
    expect(keyOf("hour", "2026-04-05T01:45+10:30[Australia/Lord_Howe]")).toBe("2026-04-05T01+10:30");
  });
});

describe("the start", () => {
  test.each([
    ["day", "2018-11-04T09:00[America/Sao_Paulo]", "2018-11-04T01:00:00-02:00[America/Sao_Paulo]"],
    ["week", "2018-11-04T09:00[America/Sao_Paulo]", "2018-10-29T00:00:00-03:00[America/Sao_Paulo]"],
    ["month", "2018-11-04T09:00[America/Sao_Paulo]", "2018-11-01T00:00:00-03:00[America/Sao_Paulo]"],
    ["day", "2026-11-01T09:00[America/Havana]", "2026-11-01T00:00:00-04:00[America/Havana]"],
    ["month", "2026-11-15T09:00[America/Havana]", "2026-11-01T00:00:00-04:00[America/Havana]"],
    ["hour", "2026-10-04T02:45[Australia/Lord_Howe]", "2026-10-04T02:30:00+11:00[Australia/Lord_Howe]"],
  ] as const)("of the %s of %s is its first moment", (unit, at, start) => {
    expect(startOfUnit(unit, Temporal.ZonedDateTime.from(at)).toString()).toBe(start);
  });

  test("is never after the moment, and is its own start", () => {
    fc.assert(
      fc.property(aUnit, aMoment, (unit, at) => {
        const start = startOfUnit(unit, at);
        expect(Temporal.ZonedDateTime.compare(start, at)).toBeLessThanOrEqual(0);
        expect(startOfUnit(unit, start).equals(start)).toBe(true);
      }),
    );
  });

  test("is the first moment with its key: a nanosecond earlier has another", () => {
    fc.assert(
      fc.property(aUnit, aMoment, (unit, at) => {
        const start = startOfUnit(unit, at);
        const before = startOfUnit(unit, start.subtract({ nanoseconds: 1 }));
        expect(Temporal.ZonedDateTime.compare(before, start)).toBe(-1);
        expect(formatKey(unit, before)).not.toBe(formatKey(unit, start));
      }),
    );
  });
});

describe("reading a key", () => {
  test("gives the moment it was written for, in every zone and for every unit", () => {
    fc.assert(
      fc.property(aUnit, aMoment, (unit, at) => {
        const start = startOfUnit(unit, at);
        expect(parseKey(unit, formatKey(unit, start), at.timeZoneId).toString()).toBe(start.toString());
      }),
      { numRuns: 400 },
    );
  });

  test.each<[CalendarUnit, string, string, string]>([
    ["hour", "2026-01-14T05", "America/New_York", "no offset"],
    ["hour", "2026-01-14T05-04:00", "America/New_York", "the offset of summer in winter"],
    ["hour", "2026-03-08T02-05:00", "America/New_York", "an hour that the clock skips"],
    ["hour", "2026-01-14T25+00:00", "UTC", "a 25th hour"],
    ["hour", "2026-01-14T05Z", "UTC", "a Z for an offset"],
    ["day", "2026-02-29", "UTC", "a day that its month hasn't"],
    ["day", "2026-1-14", "UTC", "no leading zero"],
    ["day", "20260114", "UTC", "no hyphens"],
    ["day", "2026-01-14T00:00", "UTC", "a time"],
    ["day", " 2026-01-14", "UTC", "a blank"],
    ["day", "2026-01-14\n", "UTC", "a line break"],
    ["day", "2011-12-30", "Pacific/Apia", "a day that Samoa skipped"],
    ["week", "2026-W00", "UTC", "a week 0"],
    ["week", "2026-W54", "UTC", "a week 54"],
    ["week", "2025-W53", "UTC", "a week 53 in a year of 52"],
    ["week", "2026-W3", "UTC", "no leading zero"],
    ["week", "2026-w03", "UTC", "a small w"],
    ["month", "2026-13", "UTC", "a 13th month"],
    ["month", "2026-00", "UTC", "a month 0"],
    ["month", "2026-01-14", "UTC", "a day"],
  ])("refuses as the key of one %s %j in %s: %s", (unit, key, zone) => {
    expect(() => parseKey(unit, key, zone)).toThrow(RangeError);
  });

  test("refuses with an example of what is right", () => {
    expect(() => parseKey("week", "2026-01", "UTC")).toThrow(
      '"2026-01" is not a key of a week; one looks like 2026-W03',
    );
  });

  test("refuses what isn't a key with RangeError and nothing else", () => {
    const almostAKey = fc.stringMatching(/^\d{4}-(W\d\d|\d\d)(-\d\d)?(T\d\d[+-]\d\d:\d\d)?$/);
    fc.assert(
      fc.property(aUnit, aZone, fc.oneof(fc.string(), almostAKey), (unit, zone, text) => {
        try {
          expect(formatKey(unit, parseKey(unit, text, zone))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe("shifting", () => {
  test("one step forward and one back leads to where it began, over any change of the clock", () => {
    fc.assert(
      fc.property(aUnit, aMoment, (unit, at) => {
        const start = startOfUnit(unit, at);
        expect(shiftStart(unit, shiftStart(unit, start, 1), -1).toString()).toBe(start.toString());
        expect(shiftStart(unit, shiftStart(unit, start, -1), 1).toString()).toBe(start.toString());
        expect(shiftStart(unit, start, 0).toString()).toBe(start.toString());
      }),
      { numRuns: 300 },
    );
  });

  test("goes over the day that Samoa skipped in both directions", () => {
    const day = (key: string) => parseKey("day", key, "Pacific/Apia");
    expect(formatKey("day", shiftStart("day", day("2011-12-29"), 1))).toBe("2011-12-31");
    expect(formatKey("day", shiftStart("day", day("2011-12-31"), -1))).toBe("2011-12-29");
  });

  test("counts days, weeks and months by their dates where no date was skipped", () => {
    const zoneOfEveryDate = fc.constantFrom(...ZONES.filter((zone) => zone !== "Pacific/Apia"));
    const aDateUnit = fc.constantFrom("day" as const, "week" as const, "month" as const);
    fc.assert(
      fc.property(
        aDateUnit,
        zoneOfEveryDate,
        anInstant,
        fc.integer({ min: -500, max: 500 }),
        (unit, zone, at, steps) => {
          const start = startOfUnit(unit, at.toZonedDateTimeISO(zone));
          const date = start.toPlainDate().add({ [`${unit}s`]: steps });
          expect(shiftStart(unit, start, steps).toString()).toBe(date.toZonedDateTime(zone).toString());
        },
      ),
    );
  });
});
