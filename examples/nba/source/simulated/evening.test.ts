import { describe, expect, it } from "vitest";
import type { BoxScore } from "../box-score.ts";
import { tableOf } from "../game-log.ts";
import { type GameSummary, gameSummary } from "../game-summary.ts";
import { simulateLeague } from "./simulate-league.ts";

const league = simulateLeague({ seed: 9 });
const DAYS = { from: "2025-10-21", to: "2025-11-12" };
const lines = league.gameLog?.(DAYS) ?? [];
const gameIds = [...new Set(lines.map(({ GAME_ID }) => GAME_ID))];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const games = gameIds.map((gameId) => ({ gameId, box: theBox(gameId), summary: theSummary(gameId) }));

function theBox(gameId: string): BoxScore {
  const box = league.boxScore(gameId);
  if (box === undefined) throw new Error(`game ${gameId} has no box score`);
  return box;
}

function theSummary(gameId: string): GameSummary {
  const summary = league.summary?.(gameId);
  if (summary === undefined) throw new Error(`game ${gameId} has no summary`);
  return summary;
}

describe("the summary of a game", () => {
  it("has its shape, and knows no other game", () => {
    for (const { summary } of games) expect(gameSummary.parse(summary)).toEqual(summary);
    expect(league.summary?.("0099900001")).toBeUndefined();
  });

  it("agrees with the box score: quarters, overtimes, largest leads, lead changes and ties", () => {
    expect(games.some(({ summary }) => summary.periods.length > 4)).toBe(true);
    for (const { box, summary } of games) {
      const [home, away] = box.teams;
      const points = (side: "homePoints" | "awayPoints") => summary.periods.map((period) => period[side]);
      expect(points("homePoints").slice(0, 4)).toEqual([home?.q1, home?.q2, home?.q3, home?.q4]);
      expect(points("awayPoints").slice(0, 4)).toEqual([away?.q1, away?.q2, away?.q3, away?.q4]);
      expect([sum(points("homePoints")), sum(points("awayPoints"))]).toEqual([home?.score, away?.score]);
      expect(summary.gameStatusText).toBe(box.gameStatusText);
      expect(box.teamStats).toMatchObject([
        {
          biggestLead: summary.homeLargestLead,
          leadChanges: summary.leadChanges,
          timesTied: summary.timesTied,
        },
        {
          biggestLead: summary.awayLargestLead,
          leadChanges: summary.leadChanges,
          timesTied: summary.timesTied,
        },
      ]);
    }
  });

  it("has runs of eight points or more, by one of its teams, one after the other", () => {
    const runs = games.flatMap(({ summary }) => summary.runs);
    expect(runs.length).toBeGreaterThan(games.length);
    for (const { box, summary } of games) {
      for (const { tricode, points, from, to } of summary.runs) {
        expect(points).toBeGreaterThanOrEqual(8);
        expect(box.teams.map((team) => team.tricode)).toContain(tricode);
        expect(from.period).toBeLessThanOrEqual(to.period);
      }
    }
  });
});

describe("the game log", () => {
  it("has two lines for each game that was played, and none for a day off", () => {
    expect(lines).toHaveLength(2 * gameIds.length);
    expect(league.gameLog?.({ from: "2025-11-27", to: "2025-11-27" })).toEqual([]);
    for (const { gameId } of games) {
      const game = league.findGame(gameId);
      const [away, home] = lines.filter(({ GAME_ID }) => GAME_ID === gameId);
      expect(away).toMatchObject({ GAME_DATE: game?.date, PTS: game?.awayPoints });
      expect(home).toMatchObject({ GAME_DATE: game?.date, PTS: game?.homePoints });
      expect([away?.MATCHUP, home?.MATCHUP]).toEqual([
        `${game?.awayTeam} @ ${game?.homeTeam}`,
        `${game?.homeTeam} vs. ${game?.awayTeam}`,
      ]);
      expect([away?.WL, home?.WL].toSorted()).toEqual(["L", "W"]);
      expect((away?.PLUS_MINUS ?? 0) + (home?.PLUS_MINUS ?? 0)).toBe(0);
    }
  });

  it("agrees with the box scores", () => {
    for (const { gameId, box, summary } of games) {
      for (const stats of box.teamStats) {
        const line = lines.find(({ GAME_ID, TEAM_ID }) => GAME_ID === gameId && TEAM_ID === stats.teamId);
        expect(line).toMatchObject({
          MIN: 240 + 25 * (summary.periods.length - 4),
          PTS: stats.points,
          REB: stats.reboundsTotal,
          AST: stats.assists,
          STL: stats.steals,
          BLK: stats.blocks,
          TOV: stats.turnovers,
          FG_PCT: stats.fieldGoalsPercentage,
          FG3_PCT: stats.threePointersPercentage,
          FT_PCT: stats.freeThrowsPercentage,
        });
      }
    }
  });

  it("is written in 29 columns", () => {
    const { name, headers, rowSet } = tableOf(lines);
    expect([name, headers.length, rowSet.length]).toEqual(["LeagueGameLog", 29, lines.length]);
    expect(rowSet[0]?.[headers.indexOf("GAME_ID")]).toBe(lines[0]?.GAME_ID);
  });
});
