import { expect, test } from "vitest";
import { ZodError } from "zod";
import { gamesOf } from "./game-log.ts";

const HEADERS = ["SEASON_ID", "TEAM_ABBREVIATION", "GAME_ID", "GAME_DATE", "MATCHUP", "PTS"];
const line = (team: string, matchup: string, points: number | null, id = "0022500147") => [
  "22025",
  team,
  id,
  "2025-11-01",
  matchup,
  points,
];
const read = (...rowSet: (string | number | null)[][]) => gamesOf({ headers: HEADERS, rowSet });
const home = line("BOS", "BOS vs. NYK", 101);
const away = line("NYK", "NYK @ BOS", 99);

test("makes a game of its two lines, in whatever order, and of lines that are there twice", () => {
  const expected = {
    game_id: "0022500147",
    date: "2025-11-01",
    home_team: "BOS",
    away_team: "NYK",
    home_points: 101,
    away_points: 99,
    neutral_floor: false,
  };
  expect(read(away, home)).toEqual({ games: [expected], alone: [] });
  expect(read(home, home, away, away)).toEqual({ games: [expected], alone: [] });
});

test("knows a neutral floor by two visitors, and puts them in order of name", () => {
  expect(read(line("DET", "DET @ DAL", 122), line("DAL", "DAL @ DET", 110)).games).toMatchObject([
    { home_team: "DAL", home_points: 110, away_team: "DET", away_points: 122, neutral_floor: true },
  ]);
});

test("names the games that have the line of one team only", () => {
  expect(read(home, away, line("OKC", "OKC vs. HOU", 125, "0022500001"))).toMatchObject({
    games: [{ game_id: "0022500147" }],
    alone: ["0022500001"],
  });
});

test("refuses a table whose columns have other names, and a cell that is no number", () => {
  const headers = HEADERS.map((header) => header.toLowerCase());
  expect(() => gamesOf({ headers, rowSet: [home, away] })).toThrow(ZodError);
  expect(() => read(home, line("NYK", "NYK @ BOS", null))).toThrow(ZodError);
});
