// Shows a league as it was at the end of some day: later games are on the schedule, but not yet played.

import type { Game, League, PartialLeague } from "./league.ts";

/** The same league, knowing nothing that happened after `day`; saved pages are as they were saved. */
export function leagueAsOf(league: League, day: string): League;
export function leagueAsOf(league: PartialLeague, day: string): PartialLeague;
export function leagueAsOf(league: PartialLeague, day: string): PartialLeague {
  const {
    players,
    rosters,
    injuries,
    schedule,
    findGame,
    boxScore,
    gameLog,
    summary,
    propLines,
    praActuals,
  } = league;
  const known = (date: string) => (date < day ? date : day);
  const isOver = (gameId: string) => (findGame?.(gameId)?.date ?? day) <= day;
  return {
    ...league,
    ...(players && { players: (on = day) => players(known(on)) }),
    ...(rosters && { rosters: (date) => rosters(known(date)) }),
    ...(injuries && { injuries: (date) => injuries(known(date)) }),
    ...(schedule && { schedule: (date) => schedule(date).flatMap((game) => seenOn(day, game)) }),
    ...(findGame && { findGame: (gameId) => gameAsOf(league, day, gameId) }),
    ...(boxScore && { boxScore: (gameId) => (isOver(gameId) ? boxScore(gameId) : undefined) }),
    ...(gameLog && { gameLog: ({ from, to }) => gameLog({ from, to: known(to) }) }),
    ...(summary && { summary: (gameId) => (isOver(gameId) ? summary(gameId) : undefined) }),
    ...(propLines && { propLines: (date) => (date <= day ? propLines(date) : []) }),
    ...(praActuals && { praActuals: (date) => (date <= day ? praActuals(date) : []) }),
  };
}

function gameAsOf(league: PartialLeague, day: string, gameId: string): Game | undefined {
  const game = league.findGame?.(gameId);
  if (game === undefined || !isUnknownMove(day, game)) return game && seenOn(day, game)[0];
  const first = league.schedule?.(game.postponedFrom ?? game.date).find((listed) => listed.gameId === gameId);
  return first && seenOn(day, first)[0];
}

function seenOn(day: string, game: Game): Game[] {
  if (game.date <= day) return [game];
  if (isUnknownMove(day, game)) return [];
  return [{ ...game, status: "scheduled", homePoints: null, awayPoints: null }];
}

// A game is postponed on the day it was to be played, not before.
function isUnknownMove(day: string, game: Game): boolean {
  return game.postponedFrom !== undefined && game.postponedFrom > day;
}
