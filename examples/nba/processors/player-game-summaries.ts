// What every player did on a day: points, rebounds and assists together, and how well he shot.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { boxScores, boxScoresRaw } from "./box-scores.ts";
import { games, schedule } from "./schedule.ts";

export const playerGameSummaries = dataset("player_game_summaries", {
  schema: z.object({
    game_id: z.string(),
    player_id: z.int(),
    date: z.iso.date(),
    team: z.string(),
    /** Points, rebounds and assists. */
    pra: z.int(),
    minutes: z.number(),
    true_shooting: z.number().nullable(),
  }),
  key: ["game_id", "player_id"],
});

export const playerGameSummariesDaily = processor("player_game_summaries", {
  phase: "analytics",
  criticality: "high",
  needs: [schedule, boxScoresRaw],
  partitions: days,
  expect: async (ctx) => {
    const played = await ctx.read(games).rows({ date: ctx.partition, status: "final" });
    const wanted = played.filter(season.hasBoxScore).map((game) => game.game_id);
    return wanted.length === 0 ? 0 : ctx.read(boxScores).count({ game_id: wanted });
  },
  expectedBy: { days: 1, at: "06:00" },
  output: playerGameSummaries,
  async run(ctx) {
    const played = await ctx.read(games).rows({ date: ctx.partition, status: "final" });
    if (played.length === 0) return noData("no games that day");
    const lines = await ctx.read(boxScores).rows({ game_id: played.map((game) => game.game_id) });
    await ctx.write(
      playerGameSummaries,
      lines.map((line) => ({
        game_id: line.game_id,
        player_id: line.player_id,
        date: ctx.partition,
        team: line.team,
        pra: line.points + line.rebounds + line.assists,
        minutes: Math.round(line.seconds / 6) / 10,
        true_shooting: trueShooting(line.points, line.field_goals_attempted, line.free_throws_attempted),
      })),
    );
    return undefined;
  },
});

/** Points per two shooting possessions, to three digits; null for a player who took no shot. Source: the usual 0.44 of a free throw. */
function trueShooting(points: number, fieldGoals: number, freeThrows: number): number | null {
  const possessions = fieldGoals + 0.44 * freeThrows;
  return possessions === 0 ? null : Math.round((1000 * points) / (2 * possessions)) / 1000;
}
