import { expect, test } from "vitest";
import { slateHalt, slateOf, slateRows } from "./slate.ts";

const day = "2026-01-14";
const games = [
  { game_id: "g1", home_team: "DEN", away_team: "LAL" },
  { game_id: "g2", home_team: "NYK", away_team: "BOS" },
];
const prediction = (player_id: number, game_id: string, predicted: number) => ({
  ...{ player_id, game_id, date: day, predicted, baseline: null },
});
const offer = (player_id: number, event_id: string, bookmaker: string, line: number) => ({
  ...{ player_id, event_id, bookmaker, line, over_price: -110, under_price: null },
  ...{ home_team: "Denver Nuggets", away_team: "Los Angeles Lakers" },
});
const names = new Map([[7, "Seven"]]);
const both = [prediction(7, "g1", 20.129), prediction(8, "g1", 40)];

test("every game of the day has its players, the highest prediction first; one without predictions is there too", () => {
  const slate = slateOf({ day, games, predictions: both, offers: [], names });

  expect(slate).toMatchObject([
    {
      game_id: "g1",
      home_team: "DEN",
      players: [
        { player_id: 8, name: null },
        { player_id: 7, name: "Seven" },
      ],
    },
    { game_id: "g2", players: [] },
  ]);
  expect(slate[0]?.players[1]?.predicted).toBe(20.13);
});

test("a player has the lines of his game, in order of bookmaker, and none of another event", () => {
  const offers = [
    ...[offer(7, "e1", "west", 19.5), offer(7, "e1", "east", 20.5), offer(8, "e1", "east", 39.5)],
    ...[
      offer(7, "tomorrow", "east", 22.5),
      offer(9, "tomorrow", "east", 12.5),
      offer(10, "tomorrow", "east", 9.5),
    ],
  ];
  const slate = slateOf({ day, games, predictions: both, offers, names });

  expect(slate[0]?.players.map(({ lines }) => lines.map(({ bookmaker, line }) => [bookmaker, line]))).toEqual(
    [
      [["east", 39.5]],
      [
        ["east", 20.5],
        ["west", 19.5],
      ],
    ],
  );
});

test("where a season has no schedule, the games are those of the predictions, under the bookmakers' names", () => {
  const offers = [offer(7, "e1", "west", 19.5), offer(8, "e1", "west", 30.5)];
  expect(slateOf({ day, games: undefined, predictions: both, offers, names })).toMatchObject([
    { game_id: "g1", home_team: "Denver Nuggets", away_team: "Los Angeles Lakers" },
  ]);
  expect(slateOf({ day, games: undefined, predictions: both, offers: [], names })).toMatchObject([
    { game_id: "g1", home_team: null, away_team: null },
  ]);
});

test("as a table it has a row for each line, and one for a player without any", () => {
  const offers = [
    offer(7, "e1", "west", 19.5),
    offer(7, "e1", "east", 20.5),
    offer(8, "e1", "other", 1.5),
  ].slice(0, 2);
  const rows = slateRows(day, slateOf({ day, games, predictions: both, offers, names }));

  expect(rows.map(({ player_id, bookmaker, line }) => [player_id, bookmaker, line])).toEqual([
    [8, null, null],
    [7, "east", 20.5],
    [7, "west", 19.5],
  ]);
});

test("it is halted with the reason, and never because only lines are missing", () => {
  const can = { predict: true, trust: true };
  expect(slateHalt({ games, predictions: both }, can)).toBeUndefined();
  expect(slateHalt({ games: [], predictions: [] }, can)).toBe("no games are scheduled");
  expect(slateHalt({ games, predictions: [] }, can)).toMatch(/too few games/);
  expect(slateHalt({ games, predictions: [] }, { predict: true, trust: false })).toMatch(/failed/);
  expect(slateHalt({ games, predictions: [] }, { predict: false, trust: false })).toMatch(/no box scores/);
  expect(slateHalt({ games: undefined, predictions: [] }, can)).toMatch(/nothing was recorded/);
});
