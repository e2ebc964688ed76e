// Plays the games of a world when they are asked for; each depends on the seed and its own id only.

import { addDays } from "headworks-example-kit/days.ts";
import type { BoxScore } from "../box-score.ts";
import type { Franchise } from "./franchises.ts";
import { type PlayedGame, playGame } from "./play-game.ts";
import { randomOf } from "./random.ts";
import { drawLineup, type Lineup } from "./rotation.ts";
import type { Fixture } from "./schedule.ts";
import { finalScore, type TeamRecord, tallyBoxScore } from "./tally.ts";
import type { World } from "./world.ts";

export interface Evening {
  readonly lineups: readonly [Lineup, Lineup];
  readonly game: PlayedGame;
}

export interface Results {
  /** The points of the home team and of the visitors. */
  scoreOf(fixture: Fixture): readonly [number, number];
  boxScoreOf(fixture: Fixture): BoxScore;
  /** Who played, and all that happened. */
  eveningOf(fixture: Fixture): Evening;
}

/** Results of all games; final scores are remembered, plays and box scores are made anew each time. */
export function resultsOf(world: World): Results {
  const scores = new Map<Fixture, readonly [number, number]>();
  const fixturesOf = Map.groupBy(
    world.fixtures.flatMap((fixture) => [fixture.home, fixture.away].map((team) => ({ team, fixture }))),
    ({ team }) => team,
  );
  const playDays = new Set(
    world.fixtures.flatMap(({ home, away, date }) => [home, away].map((team) => placeOf(team, date))),
  );

  const scoreOf = (fixture: Fixture) => {
    const known = scores.get(fixture);
    if (known !== undefined) return known;
    const score = finalScore(play(world, playDays, fixture).game);
    scores.set(fixture, score);
    return score;
  };
  const recordOf = (team: Franchise, until: Fixture): TeamRecord => {
    const played = (fixturesOf.get(team) ?? []).filter(({ fixture }) => fixture.date <= until.date);
    const wins = played.filter(({ fixture }) => winnerOf(fixture, scoreOf(fixture)) === team).length;
    return { wins, losses: played.length - wins };
  };
  return {
    scoreOf,
    eveningOf: (fixture) => play(world, playDays, fixture),
    boxScoreOf(fixture) {
      const { lineups, game } = play(world, playDays, fixture);
      return tallyBoxScore(fixture, lineups, game, [
        recordOf(fixture.home, fixture),
        recordOf(fixture.away, fixture),
      ]);
    },
  };
}

function play(world: World, playDays: ReadonlySet<string>, { gameId, date, home, away }: Fixture): Evening {
  const random = randomOf(world.seed, world.calendar.season, "game", gameId);
  const lineupOf = (team: Franchise) => {
    const healthy = world.rosters.on(team, date).filter((player) => !world.isOut(player, date));
    return drawLineup(team, healthy, playDays.has(placeOf(team, addDays(date, -1))), random);
  };
  const lineups = [lineupOf(home), lineupOf(away)] as const;
  return { lineups, game: playGame(lineups, random) };
}

function winnerOf({ home, away }: Fixture, [homePoints, awayPoints]: readonly [number, number]): Franchise {
  return homePoints > awayPoints ? home : away;
}

function placeOf(team: Franchise, day: string): string {
  return `${team.tricode} ${day}`;
}
