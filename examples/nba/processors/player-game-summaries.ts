// What every player did on a day: points, rebounds and assists, alone and together, and how well he shot.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { boxScores, boxScoresRaw } from "./box-scores.ts";
import { games, gamesDaily } from "./games.ts";

export const playerGameSummaries = dataset("player_game_summaries", {
  schema: z.object({
    game_id: z.string(),
    player_id: z.int(),
    date: z.iso.date(),
    name: z.string(),
    team: z.string(),
    opponent: z.string(),
    is_home: z.boolean(),
    points: z.int(),
    rebounds: z.int(),
    assists: z.int(),
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
  needs: [gamesDaily, boxScoresRaw],
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
    const byId = new Map(played.map((game) => [game.game_id, game]));
    const lines = await ctx.read(boxScores).rows({ game_id: [...byId.keys()] });
    await ctx.write(
      playerGameSummaries,
      lines.flatMap((line) => {
        const game = byId.get(line.game_id);
        if (game === undefined) return [];
        const isHome = line.team === game.home_team;
        return {
          game_id: line.game_id,
          player_id: line.player_id,
          date: ctx.partition,
          name: line.player,
          team: line.team,
          opponent: isHome ? game.away_team : game.home_team,
          is_home: isHome,
          points: line.points,
          rebounds: line.rebounds,
          assists: line.assists,
          pra: line.points + line.rebounds + line.assists,
          minutes: Math.round(line.seconds / 6) / 10,
          true_shooting: trueShooting(line.points, line.field_goals_attempted, line.free_throws_attempted),
        };
      }),
    );
    return undefined;
  },
});

/** Points per two shooting possessions, to three digits; null for a player who took no shot. Source: the usual 0.44 of a free throw. */
function trueShooting(points: number, fieldGoals: number, freeThrows: number): number | null {
  const possessions = fieldGoals + 0.44 * freeThrows;
  return possessions === 0 ? null : Math.round((1000 * points) / (2 * possessions)) / 1000;
}
