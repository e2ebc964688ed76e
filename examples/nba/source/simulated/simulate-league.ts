// A simulated league as its server shows it: drawn from a seed at once, its games played when somebody asks.

import type { Coverage, Game, League, Part, Player, RosterPlayer } from "../league.ts";
import { FRANCHISES } from "./franchises.ts";
import { injuryReport } from "./injury-report.ts";
import { logLinesOf } from "./log-lines.ts";
import type { SimulatedPlayer } from "./players.ts";
import { propLinesOf } from "./prop-lines.ts";
import { type Results, resultsOf } from "./results.ts";
import type { Fixture } from "./schedule.ts";
import { summarise } from "./summarise.ts";
import { drawWorld, type World } from "./world.ts";

export interface SimulationOptions {
  /** A whole number; the same seed gives the same league, byte for byte. */
  readonly seed: number;
  /** As in `2025-26`, which is also the default. */
  readonly season?: string;
}

const OF_GAMES: readonly Part[] = ["schedule", "boxScore", "gameLog", "summary", "propLines"];

/**
 * A season of 1,230 games with its players, trades, injuries and bookmakers; every game has been played.
 * Throws a RangeError when `season` is not the name of one.
 */
export function simulateLeague({ seed, season = "2025-26" }: SimulationOptions): League {
  const world = drawWorld(seed, season);
  const results = resultsOf(world);
  const listings = Map.groupBy(world.fixtures.flatMap(listingsOf), ({ day }) => day);
  const byId = new Map(world.fixtures.map((fixture) => [fixture.gameId, fixture]));
  const { firstDay, lastDay } = world.calendar;
  const regularOnly: Coverage = { seasonTypes: ["regular"] };
  return {
    season: () => ({ season, firstDay, lastDay, lastRegularDay: lastDay, gamesPerTeam: 82 }),
    coverage: Object.fromEntries(OF_GAMES.map((part) => [part, regularOnly])),
    teams: () =>
      FRANCHISES.map(({ teamId, tricode, name, conference }) => ({ teamId, tricode, name, conference })),
    players: (on = lastDay) => world.players.map((player) => playerOn(player, world, on)),
    rosters: (date) => ({
      teamsAsOf: date,
      players: world.players.map((player) => rosterPlayerOn(player, world, date)),
    }),
    injuries: (date) => injuryReport(world, date),
    schedule: (date) => (listings.get(date) ?? []).map(({ day, fixture }) => listed(fixture, day, results)),
    findGame(gameId) {
      const fixture = byId.get(gameId);
      return fixture && listed(fixture, fixture.date, results);
    },
    boxScore(gameId) {
      const fixture = byId.get(gameId);
      return fixture && results.boxScoreOf(fixture);
    },
    gameLog: ({ from, to }) =>
      world.fixtures
        .filter(({ date }) => from <= date && date <= to)
        .flatMap((fixture) => logLinesOf(season, fixture, results.eveningOf(fixture))),
    summary(gameId) {
      const fixture = byId.get(gameId);
      return fixture && summarise(fixture, results.eveningOf(fixture).game);
    },
    propLines: propLinesOf(world),
  };
}

interface Listing {
  readonly day: string;
  readonly fixture: Fixture;
}

function listingsOf(fixture: Fixture): Listing[] {
  const days = fixture.postponedFrom === undefined ? [fixture.date] : [fixture.postponedFrom, fixture.date];
  return days.map((day) => ({ day, fixture }));
}

function listed(fixture: Fixture, day: string, results: Results): Game {
  const { gameId, home, away, postponedFrom } = fixture;
  const game = {
    gameId,
    date: day,
    homeTeam: home.tricode,
    awayTeam: away.tricode,
    seasonType: "regular",
  } as const;
  if (day === postponedFrom) return { ...game, status: "postponed", homePoints: null, awayPoints: null };
  const [homePoints, awayPoints] = results.scoreOf(fixture);
  const moved = postponedFrom === undefined ? {} : { postponedFrom };
  return { ...game, status: "final", homePoints, awayPoints, startsAtUtc: fixture.startsAtUtc, ...moved };
}

function playerOn(player: SimulatedPlayer, { rosters }: World, day: string): Player {
  const { playerId, name, position, height, weight, birthdate, jersey, country } = player;
  const { teamId } = rosters.teamOn(player, day);
  return { playerId, name, teamId, position, height, weight, birthdate, jersey, country };
}

function rosterPlayerOn(player: SimulatedPlayer, { rosters, calendar }: World, day: string): RosterPlayer {
  const { playerId, name, position, jersey } = player;
  const { teamId, tricode } = rosters.teamOn(player, day);
  const since = rosters.joinedOn(player, day) ?? calendar.firstDay;
  return { playerId, name, teamId, tricode, position, jersey, since };
}
