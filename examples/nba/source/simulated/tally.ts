// Adds the plays of a game up to its box score, in the shape that the recorded ones have.

import type { BoxScore, PlayerLine, TeamScore, TeamStats } from "../box-score.ts";
import { basketsOf, type Course, courseOf } from "./course.ts";
import type { Side } from "./floor.ts";
import { type Play, pointsOf } from "./play.ts";
import type { PlayedGame } from "./play-game.ts";
import { percentage, tallyLines } from "./player-lines.ts";
import type { Lineup } from "./rotation.ts";
import type { Fixture } from "./schedule.ts";

/** Games won and lost, this one included. */
export interface TeamRecord {
  readonly wins: number;
  readonly losses: number;
}

/** Seconds of one quarter. */
export const QUARTER = 12 * 60;

/** The box score of a played game; home comes first everywhere. */
export function tallyBoxScore(
  fixture: Fixture,
  lineups: readonly [Lineup, Lineup],
  game: PlayedGame,
  records: readonly [TeamRecord, TeamRecord],
): BoxScore {
  const lines = [tallyLines(lineups[0], 0, game), tallyLines(lineups[1], 1, game)] as const;
  const baskets = [scoringOf(game, 0), scoringOf(game, 1)] as const;
  const course = courseOf(basketsOf(game.plays));
  const sides = [0, 1] as const;
  return {
    gameId: fixture.gameId,
    gameStatus: 3,
    gameStatusText: finalText(game),
    gameTimeUTC: fixture.startsAtUtc,
    teams: sides.map((side) => teamScore(lineups[side], side, baskets[side], records[side])),
    teamStats: sides.map((side) => teamStats(lineups[side], side, lines[side], baskets[side], course)),
    players: lines.flat(),
  };
}

/** `Final`, `Final/OT`, `Final/OT2` and so on. */
export function finalText({ overtimes }: PlayedGame): string {
  return `Final${["", "/OT"][overtimes] ?? `/OT${overtimes}`}`;
}

/** The points of both teams. */
export function finalScore(game: PlayedGame): [number, number] {
  return [total(scoringOf(game, 0), pointsOf), total(scoringOf(game, 1), pointsOf)];
}

function scoringOf({ plays }: PlayedGame, side: Side): Play[] {
  return plays.filter((play) => play.side === side && pointsOf(play) > 0);
}

function teamScore({ team }: Lineup, side: Side, baskets: readonly Play[], record: TeamRecord): TeamScore {
  const inQuarter = (nth: number) => (play: Play) =>
    Math.floor(play.moment.second / QUARTER) === nth - 1 ? pointsOf(play) : 0;
  return {
    teamId: team.teamId,
    tricode: team.tricode,
    ...record,
    q1: total(baskets, inQuarter(1)),
    q2: total(baskets, inQuarter(2)),
    q3: total(baskets, inQuarter(3)),
    q4: total(baskets, inQuarter(4)),
    score: total(baskets, pointsOf),
    isHome: side === 0,
  };
}

function teamStats(
  { team }: Lineup,
  side: Side,
  lines: readonly PlayerLine[],
  baskets: readonly Play[],
  course: Course,
): TeamStats {
  const sum = (of: (line: PlayerLine) => number) => total(lines, of);
  const fieldGoals = [sum((line) => line.fieldGoalsMade), sum((line) => line.fieldGoalsAttempted)] as const;
  const threes = [sum((line) => line.threePointersMade), sum((line) => line.threePointersAttempted)] as const;
  const freeThrows = [sum((line) => line.freeThrowsMade), sum((line) => line.freeThrowsAttempted)] as const;
  return {
    teamId: team.teamId,
    tricode: team.tricode,
    points: sum((line) => line.points),
    reboundsTotal: sum((line) => line.reboundsTotal),
    assists: sum((line) => line.assists),
    steals: sum((line) => line.steals),
    blocks: sum((line) => line.blocks),
    turnovers: sum((line) => line.turnovers),
    fieldGoalsPercentage: percentage(...fieldGoals),
    threePointersPercentage: percentage(...threes),
    freeThrowsPercentage: percentage(...freeThrows),
    pointsInThePaint: total(baskets, (play) => (play.kind === "shot" && play.inPaint ? play.worth : 0)),
    pointsFastBreak: total(baskets, (play) => (play.kind === "shot" && play.fastBreak ? play.worth : 0)),
    benchPoints: sum((line) => (line.position === "" ? line.points : 0)),
    biggestLead: course.biggestLeads[side],
    leadChanges: course.leadChanges,
    timesTied: course.timesTied,
  };
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += of(item);
  return sum;
}
