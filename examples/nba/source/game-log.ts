// A second listing of what was played, with other words for it: a line for each team and game, in columns.

import { isDay } from "headworks-example-kit/days.ts";
import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** One team's line of one game: exactly the columns of the recorded log, in their order. */
export const gameLogLine = z.strictObject({
  /** `2` for a regular season, and the year in which it began: `22025`. */
  SEASON_ID: z.string().regex(/^\d{5}$/),
  TEAM_ID: z.int(),
  TEAM_ABBREVIATION: z.string().length(3),
  TEAM_NAME: z.string(),
  GAME_ID: z.string().regex(/^\d{10}$/),
  GAME_DATE: z.string().refine(isDay, "not a day"),
  /** `BOS vs. NYK` for the home team, `NYK @ BOS` for the visitors; on a neutral floor both have an `@`. */
  MATCHUP: z.string().regex(/^[A-Z]{3} (?:vs\.|@) [A-Z]{3}$/),
  WL: z.enum(["W", "L"]),
  /** Of five players: 240, and 25 more for each overtime. */
  MIN: count,
  FGM: count,
  FGA: count,
  FG_PCT: share,
  FG3M: count,
  FG3A: count,
  FG3_PCT: share,
  FTM: count,
  FTA: count,
  FT_PCT: share,
  OREB: count,
  DREB: count,
  REB: count,
  AST: count,
  STL: count,
  BLK: count,
  TOV: count,
  PF: count,
  PTS: count,
  PLUS_MINUS: z.int(),
  VIDEO_AVAILABLE: z.int(),
});

export type GameLogLine = z.infer<typeof gameLogLine>;

/** A table as this endpoint writes one: the names of the columns, then the values of each row in that order. */
export const resultSet = z.object({
  name: z.string(),
  headers: z.array(z.string()),
  rowSet: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
});

export type ResultSet = z.infer<typeof resultSet>;

/** The table of these lines. */
export function tableOf(lines: readonly GameLogLine[]): ResultSet {
  return {
    name: "LeagueGameLog",
    headers: Object.keys(gameLogLine.shape),
    rowSet: lines.map((line) => Object.values(gameLogLine.parse(line))),
  };
}

/** The lines of a table. Throws when its columns are not those of a game log. */
export function linesOf({ headers, rowSet }: ResultSet): GameLogLine[] {
  return rowSet.map((row) =>
    gameLogLine.parse(Object.fromEntries(headers.map((header, at) => [header, row[at]]))),
  );
}
