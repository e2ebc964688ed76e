// The model of a week: a ridge regression on the features and results of all days before its Monday, and of no later one.

import { dataset, need, noData, preceding, processor } from "headworks";
import { z } from "zod";
import { FEWEST_GAMES, FEWEST_ROWS, LAMBDAS, MODEL_FEATURES } from "../model/pra-model.ts";
import { fitRidge } from "../model/ridge.ts";
import { season, weeks } from "../season.ts";
import { actuals, actualsDaily } from "./actuals.ts";
import { features, featuresDaily, historyQueue } from "./features.ts";

/** More days than a season has: "all days before this week". */
const SEASON_DAYS = 300;

export const modelFits = dataset("model_fits", {
  schema: z.object({
    week: z.string(),
    /** The Monday from which on it predicts. */
    first_day: z.iso.date(),
    intercept: z.number(),
    /** By feature, in the feature's own unit. */
    coefficients: z.record(z.string(), z.number()),
    /** The penalty that did best on the last fifth of the days. */
    lambda: z.number(),
    rows: z.int(),
    fitted_from: z.iso.date(),
    fitted_to: z.iso.date(),
    /** On the days from `validated_from` on, by a model that had not seen them. */
    validated_from: z.iso.date(),
    mae: z.number(),
    rmse: z.number(),
  }),
  key: ["week"],
});

export const modelFitsWeekly = processor("model_fits", {
  phase: "predictions",
  criticality: "normal",
  needs: [
    need(featuresDaily, { partitions: preceding(SEASON_DAYS) }),
    need(actualsDaily, { partitions: preceding(SEASON_DAYS) }),
  ],
  partitions: weeks,
  // The first weeks have no model, and are right to have none.
  expect: async (ctx) => {
    const earlier = { date: { lt: firstDayOf(ctx.window) }, games_played: { gte: FEWEST_GAMES } };
    const isEnough = (await ctx.read(features).count(earlier)) >= FEWEST_ROWS;
    return isEnough ? { min: 1, max: 1 } : { min: 0, max: 0 };
  },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: historyQueue,
  output: modelFits,
  async run(ctx) {
    const monday = firstDayOf(ctx.window);
    const earlier = { date: { lt: monday } };
    const known = await ctx.read(features).rows({ ...earlier, games_played: { gte: FEWEST_GAMES } });
    if (known.length < FEWEST_ROWS) return noData(`no model yet: ${known.length} rows of features`);
    const results = await ctx.read(actuals).rows(earlier);
    const reached = new Map(results.map(({ player_id, game_id, pra }) => [`${player_id} ${game_id}`, pra]));
    const rows = known.flatMap((row) => {
      const pra = reached.get(`${row.player_id} ${row.game_id}`);
      return pra === undefined ? [] : { ...row, pra };
    });
    const model = fitRidge({ rows, features: MODEL_FEATURES, target: "pra", lambdas: LAMBDAS });
    await ctx.write(modelFits, [
      {
        week: ctx.partition,
        first_day: monday,
        intercept: model.intercept,
        coefficients: { ...model.coefficients },
        lambda: model.lambda,
        rows: model.rows,
        fitted_from: model.range.from,
        fitted_to: model.range.to,
        validated_from: model.validation.from,
        ...model.error,
      },
    ]);
    ctx.metric("model.mae", model.error.mae);
    return undefined;
  },
});

/** A week begins at midnight in New York, which is still that day in UTC. */
function firstDayOf(window: { start: string } | undefined): string {
  if (window === undefined) throw new TypeError("a week has a window");
  return window.start.slice(0, "2026-01-12".length);
}
