// Arithmetic on calendar days written as `YYYY-MM-DD`, without a time zone and without a clock.

const MS_PER_DAY = 86_400_000;

/** Days from the first to the last, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Whether two ranges have a day in common. */
export function overlap(one: DayRange, other: DayRange): boolean {
  return one.from <= other.to && other.from <= one.to;
}

/** Whether the text is a real day of the calendar in the form `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // `2026-02-30` parses as a day of March: only a day that survives the round trip exists.
  return !Number.isNaN(time) && dayAt(time) === text;
}

/** The day `count` days after (or, if negative, before) the given one. */
export function addDays(day: string, count: number): string {
  return dayAt(Date.parse(`${day}T00:00:00Z`) + count * MS_PER_DAY);
}

/** Every day from `first` to `last`, both included; empty when `last` is earlier. */
export function eachDay(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** All days of a month (from 1). */
export function monthDays(year: number, month: number): DayRange {
  return { from: dayAt(Date.UTC(year, month - 1, 1)), to: dayAt(Date.UTC(year, month, 0)) };
}

/** The day of the week: 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The `nth` (from 1) given weekday of a month (from 1), as in "the fourth Thursday of November". */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): string {
  const first = dayAt(Date.UTC(year, month - 1, 1));
  const offset = (weekday - weekdayOf(first) + 7) % 7;
  return addDays(first, offset + 7 * (nth - 1));
}

function dayAt(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
