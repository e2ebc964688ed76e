// When a cron pattern comes up in a time zone. A time of day that the clock skips comes as much later as the clock was
// moved. One that it shows twice comes the first time only; but a pattern of every hour means the hours as they pass.

import { Temporal } from "temporal-polyfill";
import type { CronPattern } from "./cron.ts";

const MINUTE_MS = 60_000;
/** 29 February is eight years away where a century has none in between. */
const DAYS_LOOKED_AT = 3_000;
const HOURS_OF_A_DAY = 24;

/** The slots after an instant, in order, in epoch milliseconds. Ends when the pattern never comes up again. */
export function* slotsAfter(pattern: CronPattern, timezone: string, after: number): Generator<number> {
  const first = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timezone).toPlainDate();
  // A slot of the day before may have been moved past midnight, or come up a second time after it.
  let date = first.subtract({ days: 1 });
  let idle = 0;
  while (idle < DAYS_LOOKED_AT) {
    const slots = slotsOn(pattern, timezone, date).filter((slot) => slot > after);
    yield* slots;
    idle = slots.length > 0 ? 0 : idle + 1;
    date = date.add({ days: 1 });
  }
}

/** The next slot after an instant; undefined when there is none. */
export function nextSlot(pattern: CronPattern, timezone: string, after: number): number | undefined {
  const { value } = slotsAfter(pattern, timezone, after).next();
  return typeof value === "number" ? value : undefined;
}

/** The slots from the first moment of a date to that of the next one. */
function slotsOn(pattern: CronPattern, timezone: string, date: Temporal.PlainDate): number[] {
  const before = date.subtract({ days: 1 });
  const days = [before, date].filter((day) => fits(pattern, day));
  if (days.length === 0) return [];
  const start = date.toZonedDateTime(timezone);
  const end = date.add({ days: 1 }).toZonedDateTime(timezone);
  const from = start.epochMilliseconds;
  if (isPlain(before.toZonedDateTime(timezone), end)) {
    return fits(pattern, date) ? minutesOf(pattern).map((minute) => from + minute * MINUTE_MS) : [];
  }
  const found = days.flatMap((day) => changingSlots(pattern, timezone, day));
  const own = found.filter((slot) => slot >= from && slot < end.epochMilliseconds);
  return [...new Set(own)].sort((a, b) => a - b);
}

/** Whether no clock is changed between the two, so that minutes can be counted. */
function isPlain(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime): boolean {
  const change = start.getTimeZoneTransition("next");
  return change === null || Temporal.ZonedDateTime.compare(change, end) > 0;
}

/** The slots of a date on which the clock may change; in order of the clock, not of time. */
function changingSlots(pattern: CronPattern, timezone: string, date: Temporal.PlainDate): number[] {
  const everyHour = pattern.hours.length === HOURS_OF_A_DAY;
  return minutesOf(pattern).flatMap((minute) => {
    const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
    const wall = date.toPlainDateTime(time);
    const slot = wall.toZonedDateTime(timezone).epochMilliseconds;
    if (!everyHour) return [slot];
    return [slot, wall.toZonedDateTime(timezone, { disambiguation: "later" }).epochMilliseconds];
  });
}

function minutesOf({ hours, minutes }: CronPattern): number[] {
  return hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
}

function fits(pattern: CronPattern, date: Temporal.PlainDate): boolean {
  if (!pattern.months.has(date.month)) return false;
  const day = pattern.days.has(date.day);
  const weekday = pattern.weekdays.has(date.dayOfWeek);
  return pattern.eitherDay ? day || weekday : day && weekday;
}
