import { addDays, eachDay } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { leagueAsOf } from "./as-of.ts";
import type { Game } from "./league.ts";
import { simulateLeague } from "./simulated/simulate-league.ts";

const league = simulateLeague({ seed: 3 });
const { firstDay, lastDay } = league.season();
const allGames = eachDay(firstDay, lastDay).flatMap((day) => league.schedule(day));

function theMovedGame(): Required<Pick<Game, "gameId" | "date" | "postponedFrom">> {
  const moved = allGames.find(({ postponedFrom }) => postponedFrom !== undefined);
  if (moved?.postponedFrom === undefined) throw new Error("no game of this season was moved");
  return { ...moved, postponedFrom: moved.postponedFrom };
}

describe("a league as of a day", () => {
  const day = "2026-01-14";
  const past = leagueAsOf(league, day);

  it("has played the games up to that day, and scheduled those after it", () => {
    expect(past.schedule(day)).toEqual(league.schedule(day));
    const next = past.schedule(addDays(day, 1));
    expect(next.length).toBeGreaterThan(0);
    for (const game of next)
      expect(game).toMatchObject({ status: "scheduled", homePoints: null, awayPoints: null });
  });

  it("has no box score of a game that is still to come", () => {
    const [played] = past.schedule(day).filter(({ status }) => status === "final");
    const [coming] = past.schedule(addDays(day, 1));
    expect(past.boxScore(played?.gameId ?? "")).toEqual(league.boxScore(played?.gameId ?? ""));
    expect(past.boxScore(coming?.gameId ?? "")).toBeUndefined();
    expect(past.boxScore("unknown")).toBeUndefined();
  });

  it("does not know of a trade before it happened", () => {
    const teamsIn = (on: string) =>
      leagueAsOf(league, on)
        .players()
        .map(({ teamId }) => teamId);
    expect(teamsIn(firstDay)).not.toEqual(teamsIn(lastDay));
    expect(teamsIn(firstDay)).toEqual(league.players(firstDay).map(({ teamId }) => teamId));
  });

  it("learns on the day itself that a game is postponed", () => {
    const { gameId, date, postponedFrom } = theMovedGame();
    const seen = (asOf: string, on: string) =>
      leagueAsOf(league, asOf)
        .schedule(on)
        .find((game) => game.gameId === gameId)?.status;
    const before = addDays(postponedFrom, -1);
    expect([seen(before, postponedFrom), seen(before, date)]).toEqual(["scheduled", undefined]);
    expect([seen(postponedFrom, postponedFrom), seen(postponedFrom, date)]).toEqual([
      "postponed",
      "scheduled",
    ]);
    expect([seen(date, postponedFrom), seen(date, date)]).toEqual(["postponed", "final"]);
    expect(leagueAsOf(league, before).findGame(gameId)?.date).toBe(postponedFrom);
    expect(leagueAsOf(league, postponedFrom).findGame(gameId)?.date).toBe(date);
  });
});
