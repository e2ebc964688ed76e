import { expect, it } from "vitest";
import { gamesOfEvents } from "./event-games.ts";

const named = (event_id: string, ...players: number[]) =>
  players.map((player_id) => ({ event_id, player_id }));
const game = (game_id: string, date: string, ...players: number[]) =>
  players.map((player_id) => ({ game_id, date, player_id }));

it("is the game in which the players of an event played", () => {
  const appearances = [...game("A", "2026-01-14", 1, 2, 3, 4), ...game("B", "2026-01-14", 5, 6, 7)];
  const events = [...named("first", 1, 2, 4), ...named("second", 5, 6, 7)];
  expect([...gamesOfEvents(events, appearances)]).toEqual([
    ["first", "A"],
    ["second", "B"],
  ]);
});

it("is found although one of three did not play in the end, and however many bookmakers name him", () => {
  const events = named("event", 1, 2, 3, 3, 3, 3);
  expect(gamesOfEvents(events, game("A", "2026-01-14", 1, 2)).get("event")).toBe("A");
});

it("is the day's own where the same teams met the day before, though somebody missed it", () => {
  const appearances = [...game("eve", "2026-01-13", 1, 2, 3, 4), ...game("day", "2026-01-14", 1, 2, 3)];
  expect(gamesOfEvents(named("event", 1, 2, 3, 4), appearances).get("event")).toBe("day");
});

it("is that of the day before for an event that bears the wrong date", () => {
  const appearances = [...game("eve", "2026-01-13", 1, 2, 3, 4), ...game("other", "2026-01-14", 8, 9)];
  expect(gamesOfEvents(named("event", 1, 2, 3, 4), appearances).get("event")).toBe("eve");
});

it("is not known when only one of the two teams played, the day before, against another", () => {
  const appearances = game("eve", "2026-01-13", 1, 2, 8, 9);
  expect(gamesOfEvents(named("event", 1, 2, 3, 4), appearances).size).toBe(0);
});
