// When an output is expected by: so many days after its partition begins, at a wall-clock time of its zone.

import { Temporal } from "temporal-polyfill";
import { DAY_MS, epochOfLocal, plainStart } from "./local-time.ts";
import { type PartitionSet, windowOf } from "./partitions.ts";

/** `{ days: 1, at: "03:00" }`: at 03:00 of the day after the partition's first day, in the partition's time zone. */
export interface ExpectedBy {
  days: number;
  at: string;
}

/**
 * When an unsettled output becomes overdue, in epoch milliseconds; for a partition without a calendar, counted from
 * `firstExpectedMs` in UTC.
 */
export function deadlineOf(
  expectedBy: ExpectedBy,
  set: PartitionSet,
  partition: { key: string; parent?: string },
  firstExpectedMs: number,
): number {
  const calendar = set.kind === "dynamic" ? set.within : set;
  const key = set.kind === "dynamic" ? partition.parent : partition.key;
  if (calendar.kind !== "calendar" || key === undefined)
    return wallTime(expectedBy, Temporal.Instant.fromEpochMilliseconds(firstExpectedMs), "UTC");
  const { unit, timezone } = calendar;
  const localMs = plainStart(unit, key, timezone)?.localMs;
  const plain = localMs === undefined ? undefined : plainWallTime(expectedBy, localMs, timezone);
  return plain ?? wallTime(expectedBy, windowOf(calendar, key).start, timezone);
}

function wallTime({ days, at }: ExpectedBy, from: Temporal.Instant, timezone: string): number {
  const day = from.toZonedDateTimeISO(timezone).toPlainDate().add({ days });
  return day.toZonedDateTime({ timeZone: timezone, plainTime: Temporal.PlainTime.from(at) })
    .epochMilliseconds;
}

/** The same by arithmetic, where that will do. */
function plainWallTime({ days, at }: ExpectedBy, fromMs: number, timezone: string): number | undefined {
  const time = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(at);
  if (time === null) return undefined;
  const [, hours, minutes, seconds] = time;
  const timeMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1_000;
  return epochOfLocal(timezone, fromMs - (fromMs % DAY_MS) + days * DAY_MS + timeMs);
}
