// Works out who was with which team, and when, from the games that players appeared in.

import { addDays } from "headworks-example-kit/days.ts";
import type { RosterRow } from "./roster.ts";

/** A player in a game of two teams; which of the two is his, the source does not say. */
export interface Appearance {
  readonly playerId: number;
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly teams: readonly string[];
}

interface Stay {
  teams: readonly string[];
  first: string;
  last: string;
}

/**
 * The stays of each player. As long as one team is common to his games he is with it; then he was traded.
 * Between his last game for one team and the first for the next he may be with either. A stay whose games
 * were all between the same two teams gives a row for both.
 */
export function staysOf(appearances: readonly Appearance[]): RosterRow[] {
  const byPlayer = Map.groupBy(appearances, ({ playerId }) => playerId);
  return [...byPlayer.values()].flatMap((games) => rowsOf(games.toSorted((a, b) => compare(a.date, b.date))));
}

function rowsOf(games: readonly Appearance[]): RosterRow[] {
  const stays = splitByTeam(games);
  return stays.flatMap((stay, at) => {
    const before = stays[at - 1];
    const after = stays[at + 1];
    const from = before && addDays(before.last, 1);
    const to = after && addDays(after.first, -1);
    return stay.teams.flatMap((team) =>
      games.slice(0, 1).map(({ playerId, name }) => ({ playerId, name, team, from, to })),
    );
  });
}

function splitByTeam(games: readonly Appearance[]): Stay[] {
  const stays: Stay[] = [];
  for (const { date, teams } of games) {
    const current = stays.at(-1);
    const common = current?.teams.filter((team) => teams.includes(team)) ?? [];
    if (current === undefined || common.length === 0) stays.push({ teams, first: date, last: date });
    else Object.assign(current, { teams: common, last: date });
  }
  return stays;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
