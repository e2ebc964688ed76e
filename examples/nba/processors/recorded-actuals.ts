// What points, rebounds and assists of players came to on a day, as somebody else has recorded it, with his predictions.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

const PraActualsResponse = z.object({
  actuals: z.array(
    z.object({
      playerId: z.int(),
      name: z.string(),
      gameId: z.string(),
      date: z.iso.date(),
      pra: z.int(),
      predictedPra: z.number(),
    }),
  ),
});

export const recordedActuals = dataset("recorded_actuals", {
  schema: z.object({
    player_id: z.int(),
    game_id: z.string(),
    date: z.iso.date(),
    name: z.string().min(1),
    /** Points, rebounds and assists. */
    pra: z.int().nonnegative(),
    predicted_pra: z.number(),
  }),
  key: ["player_id", "game_id"],
});

// Nothing can vouch for a day without any: the source is the only one that knows.
export const recordedActualsDaily = processor("recorded_actuals", {
  phase: "raw",
  criticality: "high",
  partitions: days,
  expectedBy: { days: 1, at: "05:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: recordedActuals,
  async run(ctx) {
    const { actuals } = await ctx.http(stats).json(`/pra-actuals?date=${ctx.partition}`, PraActualsResponse);
    if (actuals.length === 0) return noData("nothing recorded of that day");
    await ctx.write(
      recordedActuals,
      actuals.map((actual) => ({
        player_id: actual.playerId,
        game_id: actual.gameId,
        date: actual.date,
        name: actual.name,
        pra: actual.pra,
        predicted_pra: actual.predictedPra,
      })),
    );
    return undefined;
  },
});
