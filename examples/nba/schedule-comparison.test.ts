import { expect, test } from "vitest";
import { compareSchedules } from "./schedule-comparison.ts";

const game = (game_id: string, home: [string, number], away: [string, number]) => ({
  game_id,
  date: "2025-11-01",
  home_team: home[0],
  home_points: home[1],
  away_team: away[0],
  away_points: away[1],
});
const inMexico = { ...game("3", ["DAL", 110], ["DET", 122]), neutral_floor: true };

test("says nothing of games on which both agree", () => {
  const games = [game("1", ["BOS", 101], ["NYK", 99]), game("2", ["OKC", 125], ["HOU", 124])];
  expect(compareSchedules(games, games.toReversed())).toEqual([]);
});

test("tells of games that one of them lacks", () => {
  const one = game("1", ["BOS", 101], ["NYK", 99]);
  const two = game("2", ["OKC", 125], ["HOU", 124]);
  expect(compareSchedules([one], [two])).toEqual([
    { game_id: "1", date: "2025-11-01", kind: "missing_in_log", ours: "BOS 101, NYK 99", theirs: null },
    { game_id: "2", date: "2025-11-01", kind: "missing_in_schedule", ours: null, theirs: "OKC 125, HOU 124" },
  ]);
});

test("tells of another score, and of other teams before it", () => {
  const ours = [game("1", ["BOS", 101], ["NYK", 99]), game("2", ["OKC", 125], ["HOU", 124])];
  const theirs = [game("1", ["BOS", 103], ["NYK", 99]), game("2", ["HOU", 124], ["OKC", 127])];
  expect(compareSchedules(ours, theirs).map(({ game_id, kind }) => [game_id, kind])).toEqual([
    ["1", "score"],
    ["2", "teams"],
  ]);
});

test("takes no notice of who is at home on a neutral floor, but of the score", () => {
  expect(compareSchedules([game("3", ["DET", 122], ["DAL", 110])], [inMexico])).toEqual([]);
  expect(compareSchedules([game("3", ["DET", 120], ["DAL", 110])], [inMexico])).toMatchObject([
    { kind: "score", ours: "DET 120, DAL 110", theirs: "DAL 110, DET 122" },
  ]);
});
