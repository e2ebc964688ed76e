// Reads the table of the game log: a line for each team and game, `BOS vs. NYK` at home, `NYK @ BOS` away.

import { z } from "zod";

/** A table as the log writes one: the names of the columns, then the values of each row in that order. */
interface LogTable {
  headers: readonly string[];
  rowSet: readonly (readonly unknown[])[];
}

/** The columns that are relied on. */
const LogLine = z.object({
  GAME_ID: z.string(),
  GAME_DATE: z.iso.date(),
  TEAM_ABBREVIATION: z.string().length(3),
  MATCHUP: z.string().regex(/ (vs\.|@) /),
  PTS: z.int(),
});
type LogLine = z.infer<typeof LogLine>;

interface LogGame {
  game_id: string;
  date: string;
  home_team: string;
  away_team: string;
  home_points: number;
  away_points: number;
  neutral_floor: boolean;
}

/**
 * The games of a table, and the ids of those that have the line of one team only. Throws a ZodError when a column that is
 * relied on isn't there, or holds something else.
 */
export function gamesOf({ headers, rowSet }: LogTable): { games: LogGame[]; alone: string[] } {
  const lines = rowSet.map((row) =>
    LogLine.parse(Object.fromEntries(headers.map((header, at) => [header, row[at]]))),
  );
  const games: LogGame[] = [];
  const alone: string[] = [];
  for (const [gameId, ofGame] of Map.groupBy(lines, (line) => line.GAME_ID)) {
    const [one, other] = bothTeams(ofGame);
    if (one === undefined || other === undefined) alone.push(gameId);
    else games.push(gameBetween(one, other));
  }
  return { games, alone };
}

/** The home team first; a line that is there twice counts once. */
function bothTeams(lines: readonly LogLine[]): LogLine[] {
  const byTeam = new Map(lines.map((line) => [line.TEAM_ABBREVIATION, line]));
  return [...byTeam.values()].sort(
    (a, b) =>
      Number(isAtHome(b)) - Number(isAtHome(a)) || (a.TEAM_ABBREVIATION < b.TEAM_ABBREVIATION ? -1 : 1),
  );
}

function gameBetween(home: LogLine, away: LogLine): LogGame {
  return {
    game_id: home.GAME_ID,
    date: home.GAME_DATE,
    home_team: home.TEAM_ABBREVIATION,
    away_team: away.TEAM_ABBREVIATION,
    home_points: home.PTS,
    away_points: away.PTS,
    // There, both are visitors.
    neutral_floor: !isAtHome(home),
  };
}

function isAtHome({ MATCHUP }: LogLine): boolean {
  return MATCHUP.includes(" vs. ");
}
