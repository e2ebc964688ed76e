// When a season is played: from a Tuesday in October to the second Sunday of April, with the days off between.

import { addDays, eachDay, nthWeekday } from "headworks-example-kit/days.ts";

export interface SeasonCalendar {
  readonly season: string;
  readonly firstDay: string;
  readonly lastDay: string;
  /** The days on which games can be played, in order: always 165 of the 174. */
  readonly gameDays: readonly string[];
  /** Trades happen up to this day. */
  readonly tradeDeadline: string;
}

const DAYS_AFTER_OPENING = 173;

/** The calendar of a season such as `2025-26`. Throws when the text is not the name of a season. */
export function seasonCalendar(season: string): SeasonCalendar {
  const year = startingYear(season);
  const lastDay = nthWeekday(year + 1, 4, 0, 2);
  const firstDay = addDays(lastDay, -DAYS_AFTER_OPENING);
  const off = new Set(daysOff(year, lastDay));
  return {
    season,
    firstDay,
    lastDay,
    gameDays: eachDay(firstDay, lastDay).filter((day) => !off.has(day)),
    tradeDeadline: nthWeekday(year + 1, 2, 4, 1),
  };
}

function startingYear(season: string): number {
  const match = /^(\d{4})-(\d{2})$/.exec(season);
  const year = Number(match?.[1]);
  if (match === null || Number(match[2]) !== (year + 1) % 100)
    throw new RangeError(`"${season}" is not a season: write the two years, as in 2025-26`);
  return year;
}

// Thanksgiving, Christmas Eve, the all-star break (Friday to Wednesday), and the Saturday before the last day.
function daysOff(year: number, lastDay: string): string[] {
  const allStarSunday = nthWeekday(year + 1, 2, 0, 3);
  return [
    nthWeekday(year, 11, 4, 4),
    `${year}-12-24`,
    ...eachDay(addDays(allStarSunday, -2), addDays(allStarSunday, 3)),
    addDays(lastDay, -1),
  ];
}

/**
 * The instant of a time of day in the league's zone (US Eastern), as `2026-01-14T00:30:00Z`.
 * Summer time ends on the first Sunday of November and begins on the second of March.
 */
export function easternInstant(day: string, hour: number, minute: number): string {
  const year = Number(day.slice(0, 4));
  const standardTime = day >= nthWeekday(year, 11, 0, 1) || day < nthWeekday(year, 3, 0, 2);
  const utcHour = hour + (standardTime ? 5 : 4);
  const utcDay = utcHour >= 24 ? addDays(day, 1) : day;
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return `${utcDay}T${twoDigits(utcHour % 24)}:${twoDigits(minute)}:00Z`;
}
