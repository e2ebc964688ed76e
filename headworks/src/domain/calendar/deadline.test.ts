// Tests of deadlines: wall-clock times of the partition's zone, over changes of the clock.

import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { deadlineOf } from "./deadline.ts";
import {
  type CalendarPartitions,
  type DynamicPartitions,
  type PartitionSet,
  shiftKey,
} from "./partitions.ts";

const NEW_YORK: CalendarPartitions<"day"> = {
  kind: "calendar",
  unit: "day",
  timezone: "America/New_York",
  start: "2025-10-21",
  opens: "end",
};
const games: DynamicPartitions = { kind: "dynamic", name: "games", within: NEW_YORK };
const FIRST_EXPECTED = Date.UTC(2026, 4, 1, 22, 30);

function deadline(
  days: number,
  at: string,
  set: PartitionSet,
  partition: { key: string; parent?: string },
): string {
  const due = deadlineOf({ days, at }, set, partition, FIRST_EXPECTED);
  return Temporal.Instant.fromEpochMilliseconds(due).toString();
}

test.each([
  ["in winter", "2026-01-14", "2026-01-15T08:00:00Z"],
  ["in summer", "2026-06-14", "2026-06-15T07:00:00Z"],
  ["on the night the clock is set forward", "2026-03-07", "2026-03-08T07:00:00Z"],
  ["on the night it is set back", "2026-10-31", "2026-11-01T08:00:00Z"],
])("03:00 of the next day is 03:00 on the wall, %s", (_when, key, instant) => {
  expect(deadline(1, "03:00", NEW_YORK, { key })).toBe(instant);
});

test("a time that the clock skips is taken as much later as the clock jumps", () => {
  expect(deadline(1, "02:30", NEW_YORK, { key: "2026-03-07" })).toBe("2026-03-08T07:30:00Z");
});

test("a time that comes twice is taken the first time", () => {
  expect(deadline(1, "01:30", NEW_YORK, { key: "2026-10-31" })).toBe("2026-11-01T05:30:00Z");
});

test("a day that begins at 01:00 has its deadline at the time that was asked for", () => {
  const saoPaulo = { ...NEW_YORK, timezone: "America/Sao_Paulo", start: "2018-01-01" };
  expect(deadline(1, "03:00", saoPaulo, { key: "2018-11-04" })).toBe("2018-11-05T05:00:00Z");
});

test("no days means the first day itself", () => {
  expect(deadline(0, "18:00", NEW_YORK, { key: "2026-01-14" })).toBe("2026-01-14T23:00:00Z");
});

test("weeks and months are counted from their first day", () => {
  expect(deadline(7, "06:00", { ...NEW_YORK, unit: "week" }, { key: "2026-W03" })).toBe(
    "2026-01-19T11:00:00Z",
  );
  expect(deadline(31, "06:00", { ...NEW_YORK, unit: "month" }, { key: "2026-01" })).toBe(
    "2026-02-01T11:00:00Z",
  );
});

test("a discovered partition has the deadline of the day it lies in", () => {
  expect(deadline(1, "03:00", games, { key: "g1", parent: "2026-01-14" })).toBe("2026-01-15T08:00:00Z");
});

test.each<[string, PartitionSet]>([
  ["a single partition", { kind: "single" }],
  ["a discovered one within no calendar", { kind: "dynamic", name: "teams", within: { kind: "single" } }],
])("%s is counted from when it was first expected, in UTC", (_what, set) => {
  expect(deadline(1, "03:00", set, { key: "all" })).toBe("2026-05-02T03:00:00Z");
});

test("a time that is none is refused", () => {
  expect(() => deadline(1, "25:00", NEW_YORK, { key: "2026-01-14" })).toThrow(RangeError);
});

test("the deadline shows the wanted time on the wall, or a later one where that is skipped, for any day and zone", () => {
  const aZone = fc.constantFrom(
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
  );
  fc.assert(
    fc.property(
      aZone,
      fc.nat(9_000),
      fc.nat(40),
      fc.nat(23),
      fc.nat(59),
      (timezone, offset, days, hour, minute) => {
        const set = { ...NEW_YORK, timezone, start: "2001-01-01" };
        const key = shiftKey(set, "2001-01-01", offset);
        const time = Temporal.PlainTime.from({ hour, minute });
        const due = deadlineOf({ days, at: time.toString() }, set, { key }, FIRST_EXPECTED);
        const onTheWall = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(timezone);
        expect(onTheWall.toPlainDate().toString()).toBe(
          Temporal.PlainDate.from(key).add({ days }).toString(),
        );
        const lateBy = time.until(onTheWall.toPlainTime()).total("minutes");
        expect([0, 30, 60]).toContain(lateBy);
      },
    ),
  );
});

test("a later partition is never due before an earlier one", () => {
  fc.assert(
    fc.property(fc.nat(9_000), fc.nat(5), fc.nat(23), (offset, days, hour) => {
      const set = { ...NEW_YORK, start: "2001-01-01" };
      const key = shiftKey(set, "2001-01-01", offset);
      const at = Temporal.PlainTime.from({ hour }).toString();
      const due = (each: string) => deadlineOf({ days, at }, set, { key: each }, FIRST_EXPECTED);
      expect(due(key)).toBeLessThan(due(shiftKey(set, key, 1)));
    }),
  );
});
