// The players of the season, with the team that each was with at its end.

import { dataset, processor } from "headworks";
import { z } from "zod";
import { season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

const PlayersResponse = z.object({
  players: z.array(z.object({ playerId: z.int(), name: z.string(), teamId: z.int(), position: z.string() })),
});

export const players = dataset("players", {
  schema: z.object({ player_id: z.int(), name: z.string(), team_id: z.int(), position: z.string() }),
  key: ["player_id"],
});

export const playersReference = processor("players", {
  phase: "reference",
  criticality: "high",
  // A roster has at least thirteen players.
  expect: { min: 30 * 13 },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: players,
  async run(ctx) {
    const answer = await ctx.http(stats).json("/players", PlayersResponse);
    await ctx.write(
      players,
      answer.players.map((player) => ({
        player_id: player.playerId,
        name: player.name,
        team_id: player.teamId,
        position: player.position,
      })),
    );
  },
});
