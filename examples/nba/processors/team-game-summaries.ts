// What every team did on a day: its line of each game, added up from those of its players, beside the opponent's.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { boxScores, boxScoresRaw } from "./box-scores.ts";
import { games, gamesDaily } from "./games.ts";

export const teamGameSummaries = dataset("team_game_summaries", {
  schema: z.object({
    game_id: z.string(),
    team: z.string(),
    date: z.iso.date(),
    opponent: z.string(),
    is_home: z.boolean(),
    points: z.int(),
    /** Points of the opponent. */
    allowed: z.int(),
    rebounds: z.int(),
    assists: z.int(),
    turnovers: z.int(),
    /** Shots, turnovers and the usual 0.44 of a free throw: how often the team had the ball, second chances included. */
    plays: z.number(),
    /** How many of its players took part. */
    players: z.int(),
  }),
  key: ["game_id", "team"],
});

export const teamGameSummariesDaily = processor("team_game_summaries", {
  phase: "analytics",
  criticality: "high",
  needs: [gamesDaily, boxScoresRaw],
  partitions: days,
  expect: async (ctx) => {
    const played = await ctx.read(games).rows({ date: ctx.partition, status: "final" });
    const lines = 2 * played.filter(season.hasBoxScore).length;
    return { min: lines, max: lines };
  },
  expectedBy: { days: 1, at: "06:00" },
  output: teamGameSummaries,
  async run(ctx) {
    const played = await ctx.read(games).rows({ date: ctx.partition, status: "final" });
    if (played.length === 0) return noData("no games that day");
    const lines = await ctx.read(boxScores).rows({ game_id: played.map((game) => game.game_id) });
    const byTeam = Map.groupBy(lines, (line) => `${line.game_id} ${line.team}`);
    const linesOf = (game: string, team: string) => byTeam.get(`${game} ${team}`) ?? [];
    await ctx.write(
      teamGameSummaries,
      played.flatMap(({ game_id, home_team, away_team }) => {
        const [home, away] = [linesOf(game_id, home_team), linesOf(game_id, away_team)];
        if (home.length === 0 || away.length === 0) return [];
        const shared = { game_id, date: ctx.partition };
        return [
          { ...shared, team: home_team, opponent: away_team, is_home: true, ...totalsOf(home, away) },
          { ...shared, team: away_team, opponent: home_team, is_home: false, ...totalsOf(away, home) },
        ];
      }),
    );
    return undefined;
  },
});

interface Line {
  readonly points: number;
  readonly rebounds: number;
  readonly assists: number;
  readonly turnovers: number;
  readonly field_goals_attempted: number;
  readonly free_throws_attempted: number;
}

function totalsOf(own: readonly Line[], others: readonly Line[]) {
  const total = (lines: readonly Line[], column: keyof Line) =>
    lines.reduce((sum, line) => sum + line[column], 0);
  const turnovers = total(own, "turnovers");
  const shots = total(own, "field_goals_attempted") + 0.44 * total(own, "free_throws_attempted");
  return {
    points: total(own, "points"),
    allowed: total(others, "points"),
    rebounds: total(own, "rebounds"),
    assists: total(own, "assists"),
    turnovers,
    plays: Math.round(100 * (shots + turnovers)) / 100,
    players: own.length,
  };
}
