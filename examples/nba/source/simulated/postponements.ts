// Moves a few games of the winter to a later day on which both teams are free.

import { addDays } from "headworks-example-kit/days.ts";
import { easternInstant, type SeasonCalendar } from "./calendar.ts";
import type { Franchise } from "./franchises.ts";
import type { Random } from "./random.ts";
import type { Fixture } from "./schedule.ts";

const POSTPONED_GAMES = 2;
const MIN_DAYS_LATER = 14;

/** The same games, two of them with another date; the list stays in the order of play. */
export function postponeSome(
  fixtures: readonly Fixture[],
  calendar: SeasonCalendar,
  random: Random,
): Fixture[] {
  const january = `${Number(calendar.season.slice(0, 4)) + 1}-01`;
  const candidates = random.shuffled(fixtures.filter(({ date }) => date.startsWith(january)));
  const days = random.shuffled(calendar.gameDays.slice(0, -2));
  const moved = new Map<string, Fixture>();
  const busy = new Set(fixtures.flatMap(({ home, away, date }) => [place(home, date), place(away, date)]));
  for (const game of candidates) {
    if (moved.size === POSTPONED_GAMES) break;
    const earliest = addDays(game.date, MIN_DAYS_LATER);
    const date = days.find((day) => day >= earliest && bothFree(game, day, busy));
    if (date === undefined) continue;
    busy.add(place(game.home, date)).add(place(game.away, date));
    moved.set(game.gameId, {
      ...game,
      date,
      startsAtUtc: easternInstant(date, game.home.tipOffHour, 0),
      postponedFrom: game.date,
    });
  }
  return fixtures.map((game) => moved.get(game.gameId) ?? game).sort(byStart);
}

// Free on the day itself, and not made to play three days running by it.
function bothFree({ home, away }: Fixture, day: string, busy: ReadonlySet<string>): boolean {
  return [home, away].every((team) => {
    const plays = (offset: number) => busy.has(place(team, addDays(day, offset)));
    const threeRunning = (plays(-2) && plays(-1)) || (plays(-1) && plays(1)) || (plays(1) && plays(2));
    return !plays(0) && !threeRunning;
  });
}

function byStart(a: Fixture, b: Fixture): number {
  return a.startsAtUtc < b.startsAtUtc ? -1 : Number(a.startsAtUtc > b.startsAtUtc);
}

function place(team: Franchise, day: string): string {
  return `${team.tricode} ${day}`;
}
