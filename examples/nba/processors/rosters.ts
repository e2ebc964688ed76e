// Who is with which team on a day: trades change it during the season.

import { dataset, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

const RostersResponse = z.object({
  players: z.array(
    z.object({ playerId: z.int(), name: z.string(), tricode: z.string(), position: z.string() }),
  ),
});

export const rosters = dataset("rosters", {
  schema: z.object({
    date: z.iso.date(),
    player_id: z.int(),
    /** Tricode. */
    team: z.string().length(3),
    name: z.string().min(1),
    position: z.string(),
  }),
  key: ["date", "player_id"],
});

export const rostersDaily = processor("rosters", {
  phase: "reference",
  criticality: "normal",
  partitions: days,
  // A roster has at least thirteen players.
  expect: { min: 30 * 13 },
  expectedBy: { days: 1, at: "03:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: rosters,
  async run(ctx) {
    const answer = await ctx.http(stats).json(`/rosters?date=${ctx.partition}`, RostersResponse);
    await ctx.write(
      rosters,
      answer.players.map((player) => ({
        date: ctx.partition,
        player_id: player.playerId,
        team: player.tricode,
        name: player.name,
        position: player.position,
      })),
    );
  },
});
