// Turns rounds into a season: each round is spread over a window of one to three days, each day gets its games.

import { addDays, weekdayOf } from "headworks-example-kit/days.ts";
import { easternInstant, type SeasonCalendar } from "./calendar.ts";
import { FRANCHISES, type Franchise } from "./franchises.ts";
import { drawRounds, type Matchup } from "./matchups.ts";
import type { Random } from "./random.ts";

/** A game that is to be played, not yet its result. */
export interface Fixture {
  readonly gameId: string;
  readonly date: string;
  readonly startsAtUtc: string;
  readonly home: Franchise;
  readonly away: Franchise;
  /** The day it was moved from, when it was. */
  readonly postponedFrom?: string;
}

// How much of a round is played on which day, Sunday first: Wednesdays and Fridays are full, Thursdays belong to TV.
const WEEKDAY_WEIGHTS = [1.15, 0.95, 0.8, 1.5, 0.45, 1.35, 1.0];
const OPENING_NIGHT_GAMES = 2;
const CHRISTMAS_GAMES = 5;

/** All 1,230 games in the order in which they are played, with ids in that order too. */
export function drawSchedule(calendar: SeasonCalendar, random: Random): Fixture[] {
  const east = FRANCHISES.filter((team) => team.conference === "East");
  const west = FRANCHISES.filter((team) => team.conference === "West");
  const windows = drawWindows(calendar.gameDays, random);
  const legs = freshLegs();
  const games = drawRounds(east, west, random).flatMap((round, at) =>
    spread(round, windows[at] ?? [], calendar, legs, random),
  );
  const timed = games.map((game) => ({ ...game, startsAtUtc: startOf(game.home, game.date, random) }));
  timed.sort(
    (a, b) =>
      compare(a.date, b.date) || compare(a.startsAtUtc, b.startsAtUtc) || a.home.teamId - b.home.teamId,
  );
  const prefix = `002${calendar.season.slice(2, 4)}`;
  return timed.map((game, at) => ({ gameId: `${prefix}${String(at + 1).padStart(5, "0")}`, ...game }));
}

// 165 days for 82 rounds: two days each, but for three rounds that have three, and the last two that have one.
function drawWindows(days: readonly string[], random: Random): string[][] {
  const two = Array.from({ length: 76 }, () => 2);
  const sizes = [2, ...random.shuffled([...two, 3, 3, 3]), 1, 1];
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return days.slice(at - size, at);
  });
}

type Dated = Matchup<Franchise> & { readonly date: string };

// Days fill in turn; a day takes first the games whose teams rested, for a team that plays two days running is tired.
function spread(
  round: Matchup<Franchise>[],
  window: string[],
  calendar: SeasonCalendar,
  legs: Legs,
  random: Random,
): Dated[] {
  let left = round;
  return window.flatMap((date, at) => {
    const strained = left
      .map((game) => ({ game, strain: legs.strain(game, date) + random.normal(0, 1.5) }))
      .sort((a, b) => a.strain - b.strain)
      .map(({ game }) => game);
    const count =
      at === window.length - 1 ? left.length : gamesOn(date, window.slice(at), left.length, calendar, random);
    left = strained.slice(count);
    return strained.slice(0, count).map((game) => {
      legs.played(game, date);
      return { ...game, date };
    });
  });
}

// The share of the day among those that are left, but for Christmas, which has its own number.
function gamesOn(
  date: string,
  days: string[],
  games: number,
  calendar: SeasonCalendar,
  random: Random,
): number {
  if (date === calendar.firstDay) return OPENING_NIGHT_GAMES;
  if (isChristmas(date)) return CHRISTMAS_GAMES;
  const ordinary = days.filter((day) => !isChristmas(day));
  const available = ordinary.length === days.length ? games : games - CHRISTMAS_GAMES;
  if (ordinary.length === 1) return available;
  const weight = (day: string) => WEEKDAY_WEIGHTS[weekdayOf(day)] ?? 1;
  const total = ordinary.reduce((sum, day) => sum + weight(day), 0);
  const wanted = Math.round((available * weight(date)) / total + random.normal(0, 1.2));
  return Math.min(Math.max(wanted, 1), available - 1);
}

function isChristmas(day: string): boolean {
  return day.endsWith("-12-25");
}

interface Legs {
  strain(game: Matchup<Franchise>, date: string): number;
  played(game: Matchup<Franchise>, date: string): void;
}

// Remembers who played when, and how often on two days running, so that the burden is shared.
function freshLegs(): Legs {
  const lastDay = new Map<Franchise, string>();
  const twice = new Map<Franchise, number>();
  const weary = (game: Matchup<Franchise>, date: string) =>
    [game.home, game.away].filter((team) => lastDay.get(team) === addDays(date, -1));
  return {
    strain: (game, date) => weary(game, date).reduce((sum, team) => sum + 1 + (twice.get(team) ?? 0) / 15, 0),
    played(game, date) {
      for (const team of weary(game, date)) twice.set(team, (twice.get(team) ?? 0) + 1);
      for (const team of [game.home, game.away]) lastDay.set(team, date);
    },
  };
}

function startOf(home: Franchise, date: string, random: Random): string {
  const weekday = weekdayOf(date);
  const matinee = (weekday === 0 && random.chance(0.6)) || (weekday === 6 && random.chance(0.25));
  const hour = matinee ? random.between(13, 18) : home.tipOffHour;
  return easternInstant(date, hour, random.chance(0.4) ? 30 : 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
