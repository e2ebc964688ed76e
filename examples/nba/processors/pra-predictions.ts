// What the week's model says that every player's points, rebounds and assists (PRA) of a day will come to.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { predict } from "../model/linear-model.ts";
import { isPredictable } from "../model/pra-model.ts";
import { days, season } from "../season.ts";
import { features, featuresDaily } from "./features.ts";
import { modelFits, modelFitsWeekly } from "./model-fits.ts";

/** Shared with the predictions that a source has recorded: what grades them need not know whose they are. */
export const praPredictions = dataset("pra_predictions", {
  schema: z.object({
    date: z.iso.date(),
    player_id: z.int(),
    game_id: z.string(),
    predicted: z.number(),
    /** The simplest guess: his average of the season so far. Null before his first game. */
    baseline: z.number().nullable(),
    /** The week of the model; null where somebody else predicted. */
    model_week: z.string().nullable(),
  }),
  key: ["date", "player_id"],
  shared: true,
});

export const praPredictionsDaily = processor("pra_predictions", {
  phase: "predictions",
  criticality: "high",
  needs: [featuresDaily, modelFitsWeekly],
  partitions: days,
  // Without a model there is nothing to expect, and nothing is wrong.
  expect: async (ctx) => {
    const model = await ctx.read(modelFits).count({ first_day: { lte: ctx.partition } });
    const known = model === 0 ? [] : await ctx.read(features).rows({ date: ctx.partition });
    const predictable = known.filter(isPredictable).length;
    return { min: predictable, max: predictable };
  },
  expectedBy: { days: 1, at: "07:30" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: praPredictions,
  async run(ctx) {
    const latest = { orderBy: [{ column: "first_day", direction: "desc" }], limit: 1 } as const;
    const [model] = await ctx.read(modelFits).rows({ first_day: { lte: ctx.partition } }, latest);
    if (model === undefined) return noData("no model yet: too few games have been played");
    const known = await ctx.read(features).rows({ date: ctx.partition });
    const predictable = known.filter(isPredictable);
    if (predictable.length === 0) return noData("nobody plays that day of whom enough is known");
    await ctx.write(
      praPredictions,
      predictable.map((row) => ({
        date: row.date,
        player_id: row.player_id,
        game_id: row.game_id,
        predicted: predict(model, row),
        baseline: row.pra_season,
        model_week: model.week,
      })),
    );
    ctx.metric("predictions.without_enough_games", known.length - predictable.length);
    return undefined;
  },
});
