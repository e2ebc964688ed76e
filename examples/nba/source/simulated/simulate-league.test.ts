import { describe, expect, it } from "vitest";
import { simulateLeague } from "./simulate-league.ts";

const league = simulateLeague({ seed: 11 });

describe("a simulated league", () => {
  it("has thirty teams and their players", () => {
    const teamIds = new Set(league.teams().map(({ teamId }) => teamId));
    expect(teamIds.size).toBe(30);
    expect(league.teams().filter(({ conference }) => conference === "East")).toHaveLength(15);
    expect(league.players().every(({ teamId }) => teamIds.has(teamId))).toBe(true);
  });

  it.each(["2025-11-27", "2025-12-24", "2026-02-15", "2025-10-20", "2026-04-13"])(
    "plays no game on %s",
    (day) => {
      expect(league.schedule(day)).toEqual([]);
    },
  );

  it("lists the same score in the schedule and in the box score", () => {
    const games = league.schedule("2026-01-14").filter(({ status }) => status === "final");
    expect(games.length).toBeGreaterThan(0);
    for (const game of games) {
      const scores = league.boxScore(game.gameId)?.teams.map(({ tricode, score }) => [tricode, score]);
      expect(scores).toEqual([
        [game.homeTeam, game.homePoints],
        [game.awayTeam, game.awayPoints],
      ]);
      expect(league.findGame(game.gameId)).toEqual(game);
    }
  });

  it("plays other seasons too, and knows no game that is not its own", () => {
    const other = simulateLeague({ seed: 11, season: "2024-25" });
    expect(other.season()).toMatchObject({
      season: "2024-25",
      firstDay: "2024-10-22",
      lastDay: "2025-04-13",
    });
    expect(other.schedule("2024-10-22")[0]?.gameId).toBe("0022400001");
    expect(other.findGame("0022500001")).toBeUndefined();
    expect(other.boxScore("0022500001")).toBeUndefined();
  });
});
