// Shows a league as it was at the end of some day: later games are on the schedule, but not yet played.

import type { Game, League } from "./league.ts";

/** The same league, knowing nothing that happened after `day`. */
export function leagueAsOf(league: League, day: string): League {
  return {
    season: () => league.season(),
    teams: () => league.teams(),
    players: (on = day) => league.players(on < day ? on : day),
    schedule: (date) => league.schedule(date).flatMap((game) => seenOn(day, game)),
    findGame(gameId) {
      const game = league.findGame(gameId);
      if (game === undefined || !isUnknownMove(day, game)) return game && seenOn(day, game)[0];
      const first = league
        .schedule(game.postponedFrom ?? game.date)
        .find((listed) => listed.gameId === gameId);
      return first && seenOn(day, first)[0];
    },
    boxScore: (gameId) =>
      (league.findGame(gameId)?.date ?? day) > day ? undefined : league.boxScore(gameId),
  };
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
