// The texts that name calendar partitions: `2026-01-14T05-05:00`, `2026-01-14`, `2026-W03`, `2026-01`.

import { Temporal } from "temporal-polyfill";

export type CalendarUnit = "hour" | "day" | "week" | "month";

/** An hour carries its offset, since the clock shows one hour twice when it is set back. */
export type HourKey = `${number}-${number}-${number}T${number}${"+" | "-"}${number}:${number}`;
export type DayKey = `${number}-${number}-${number}`;
export type WeekKey = `${number}-W${number}`;
export type MonthKey = `${number}-${number}`;

/** What the keys of a unit look like, for error messages. */
export const KEY_EXAMPLES: Record<CalendarUnit, string> = {
  hour: "2026-01-14T05-05:00",
  day: "2026-01-14",
  week: "2026-W03",
  month: "2026-01",
};

/** The first moment of the hour, day, ISO week or month that `at` lies in. */
export function startOfUnit(unit: CalendarUnit, at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const date = at.toPlainDate();
  switch (unit) {
    case "hour":
      return startOfHour(at);
    case "day":
      return at.startOfDay();
    case "week":
      return midnight(date.subtract({ days: date.dayOfWeek - 1 }), at.timeZoneId);
    case "month":
      return midnight(date.with({ day: 1 }), at.timeZoneId);
  }
}

/**
 * The first moment of the unit `steps` later than the one that begins at `start` (or, when negative, earlier).
 * Hours are counted as they pass; days, weeks and months by their dates, since a day may begin at 01:00.
 */
export function shiftStart(
  unit: CalendarUnit,
  start: Temporal.ZonedDateTime,
  steps: number,
): Temporal.ZonedDateTime {
  if (steps === 0) return start;
  if (steps < 0) return startOfUnit(unit, moved(unit, start, steps + 1).subtract({ nanoseconds: 1 }));
  if (unit === "hour") return endOfHour(startOfHour(moved(unit, start, steps - 1)));
  return startOfUnit(unit, moved(unit, start, steps));
}

/** The key of the partition that begins at `start`. */
export function formatKey(unit: CalendarUnit, start: Temporal.ZonedDateTime): string {
  switch (unit) {
    case "hour":
      return `${start.toPlainDate()}T${pad(start.hour)}${start.offset}`;
    case "day":
      return start.toPlainDate().toString();
    case "week":
      return `${start.yearOfWeek}-W${pad(start.weekOfYear ?? 0)}`;
    case "month":
      return start.toPlainDate().toPlainYearMonth().toString();
  }
}

/** The moment at which the partition named by `key` begins. Throws RangeError when the key isn't of the unit's form. */
export function parseKey(unit: CalendarUnit, key: string, timezone: string): Temporal.ZonedDateTime {
  const start = startNamedBy(unit, key, timezone);
  if (start === undefined || formatKey(unit, start) !== key) {
    throw new RangeError(`"${key}" is not a key of a ${unit}; one looks like ${KEY_EXAMPLES[unit]}`);
  }
  return start;
}

function startNamedBy(unit: CalendarUnit, key: string, timezone: string): Temporal.ZonedDateTime | undefined {
  switch (unit) {
    case "hour": {
      const match = /^(\d{4}-\d{2}-\d{2}T\d{2})([+-]\d{2}:\d{2})$/.exec(key);
      if (match === null) return undefined;
      const named = Temporal.Instant.from(`${match[1]}:00${match[2]}`).toZonedDateTimeISO(timezone);
      return named.offset === match[2] ? named : (named.getTimeZoneTransition("next") ?? undefined);
    }
    case "day":
      return /^\d{4}-\d{2}-\d{2}$/.test(key) ? midnight(Temporal.PlainDate.from(key), timezone) : undefined;
    case "week": {
      const match = /^(\d{4})-W(\d{2})$/.exec(key);
      if (match === null) return undefined;
      return midnight(mondayOf(Number(match[1]), Number(match[2])), timezone);
    }
    case "month":
      return /^\d{4}-\d{2}$/.test(key) ? midnight(Temporal.PlainDate.from(`${key}-01`), timezone) : undefined;
  }
}

/** ISO 8601: week 1 is the one with 4 January in it. */
function mondayOf(year: number, week: number): Temporal.PlainDate {
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
  return fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 });
}

/** Where the clock is changed within an hour (on Lord Howe, on Chatham), what follows is a slot of its own. */
function startOfHour(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const { minute: minutes, second: seconds, millisecond: milliseconds } = at;
  const start = at.subtract({
    minutes,
    seconds,
    milliseconds,
    microseconds: at.microsecond,
    nanoseconds: at.nanosecond,
  });
  if (start.offsetNanoseconds === at.offsetNanoseconds) return start;
  return at.add({ nanoseconds: 1 }).getTimeZoneTransition("previous") ?? start;
}

function endOfHour(start: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const end = start.add({ minutes: 60 - start.minute });
  if (end.offsetNanoseconds === start.offsetNanoseconds) return end;
  return start.getTimeZoneTransition("next") ?? end;
}

function moved(unit: CalendarUnit, start: Temporal.ZonedDateTime, steps: number): Temporal.ZonedDateTime {
  if (unit === "hour") return start.add({ hours: steps });
  const step = { day: { days: steps }, week: { weeks: steps }, month: { months: steps } }[unit];
  return midnight(start.toPlainDate().add(step), start.timeZoneId);
}

function midnight(day: Temporal.PlainDate, timezone: string): Temporal.ZonedDateTime {
  return day.toZonedDateTime(timezone);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
