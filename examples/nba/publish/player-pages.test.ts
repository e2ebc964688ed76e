import { expect, test } from "vitest";
import { playerPages } from "./player-pages.ts";

const played = (player_id: number, day: number, pra: number, team: string | null = "DEN") => ({
  ...{ player_id, game_id: `g${day}`, date: `2026-01-${String(day).padStart(2, "0")}` },
  ...{ name: `Player ${player_id}`, team, pra },
});
const predicted = (player_id: number, day: number, value: number, baseline: number | null) => ({
  ...{ player_id, game_id: `g${day}`, predicted: value, baseline },
});

test("everybody who has played has a page, with his games from the latest back", () => {
  const pages = playerPages([played(9, 2, 10), played(7, 1, 20), played(7, 3, 30, "LAL")], []);

  expect(pages.map(({ player_id, games, team }) => [player_id, games, team])).toEqual([
    [7, 2, "LAL"],
    [9, 1, "DEN"],
  ]);
  expect(pages[0]?.log).toEqual([
    { date: "2026-01-03", game_id: "g3", pra: 30, predicted: null, baseline: null },
    { date: "2026-01-01", game_id: "g1", pra: 20, predicted: null, baseline: null },
  ]);
});

test("his means are of his last five and ten games and of all", () => {
  const games = Array.from({ length: 12 }, (_, index) => played(7, index + 1, index + 1));
  expect(playerPages(games, [])[0]?.means).toEqual({ last5: 10, last10: 7.5, season: 6.5 });
});

test("predictions stand beside what came of them, and the record compares them with his average", () => {
  const games = [played(7, 1, 20), played(7, 2, 30), played(7, 3, 40)];
  const [page] = playerPages(games, [
    ...[predicted(7, 2, 27, 20), predicted(7, 3, 40, 25), predicted(8, 3, 1, 1)],
  ]);

  expect(page?.log[0]).toMatchObject({ pra: 40, predicted: 40, baseline: 25 });
  expect(page?.record).toEqual({ graded: 2, mae: 1.5, baselineMae: 12.5 });
});

test("nobody has played, and there are no pages", () => {
  expect(playerPages([], [])).toEqual([]);
});
