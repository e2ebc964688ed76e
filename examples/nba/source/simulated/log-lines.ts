// The two lines that a played game has in the game log, from the same plays as its box score.

import type { PlayerLine } from "../box-score.ts";
import type { GameLogLine } from "../game-log.ts";
import type { Side } from "./floor.ts";
import { percentage, tallyLines } from "./player-lines.ts";
import type { Evening } from "./results.ts";
import type { Fixture } from "./schedule.ts";
import { finalScore } from "./tally.ts";

const TEAM_MINUTES = { regulation: 5 * 48, overtime: 5 * 5 };

/** The visitors' line, then that of the home team. */
export function logLinesOf(season: string, fixture: Fixture, evening: Evening): GameLogLine[] {
  return ([1, 0] as const).map((side) => logLine(season, fixture, evening, side));
}

function logLine(season: string, fixture: Fixture, { lineups, game }: Evening, side: Side): GameLogLine {
  const [team, other] = side === 0 ? [fixture.home, fixture.away] : [fixture.away, fixture.home];
  const points = finalScore(game);
  const margin = side === 0 ? points[0] - points[1] : points[1] - points[0];
  return {
    SEASON_ID: `2${season.slice(0, 4)}`,
    TEAM_ID: team.teamId,
    TEAM_ABBREVIATION: team.tricode,
    TEAM_NAME: team.name,
    GAME_ID: fixture.gameId,
    GAME_DATE: fixture.date,
    MATCHUP: `${team.tricode} ${side === 0 ? "vs." : "@"} ${other.tricode}`,
    WL: margin > 0 ? "W" : "L",
    MIN: TEAM_MINUTES.regulation + game.overtimes * TEAM_MINUTES.overtime,
    ...totalsOf(tallyLines(lineups[side], side, game)),
    PLUS_MINUS: margin,
    VIDEO_AVAILABLE: 1,
  };
}

function totalsOf(lines: readonly PlayerLine[]) {
  const sum = (of: (line: PlayerLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  const [made, attempted] = [sum((line) => line.fieldGoalsMade), sum((line) => line.fieldGoalsAttempted)];
  const threes = [sum((line) => line.threePointersMade), sum((line) => line.threePointersAttempted)] as const;
  const throws = [sum((line) => line.freeThrowsMade), sum((line) => line.freeThrowsAttempted)] as const;
  return {
    FGM: made,
    FGA: attempted,
    FG_PCT: percentage(made, attempted),
    FG3M: threes[0],
    FG3A: threes[1],
    FG3_PCT: percentage(...threes),
    FTM: throws[0],
    FTA: throws[1],
    FT_PCT: percentage(...throws),
    OREB: sum((line) => line.reboundsOffensive),
    DREB: sum((line) => line.reboundsDefensive),
    REB: sum((line) => line.reboundsTotal),
    AST: sum((line) => line.assists),
    STL: sum((line) => line.steals),
    BLK: sum((line) => line.blocks),
    TOV: sum((line) => line.turnovers),
    PF: sum((line) => line.foulsPersonal),
    PTS: sum((line) => line.points),
  };
}
