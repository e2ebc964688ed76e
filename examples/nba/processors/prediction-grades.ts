// How far each prediction of a day was off, beside how far the player's season average was.

import { anyOf, dataset, noData, processor } from "headworks";
import { z } from "zod";
import { gradePredictions } from "../model/grading.ts";
import { days, season } from "../season.ts";
import { actuals, actualsDaily } from "./actuals.ts";
import { praPredictions, praPredictionsDaily } from "./pra-predictions.ts";
import { recordedPredictionsDaily } from "./recorded-predictions.ts";

export const predictionGrades = dataset("prediction_grades", {
  schema: z.object({
    date: z.iso.date(),
    player_id: z.int(),
    game_id: z.string(),
    predicted: z.number(),
    baseline: z.number().nullable(),
    /** Null for a player who did not play: his prediction is kept, and not graded. */
    actual: z.int().nullable(),
    /** Absolute, in points, rebounds and assists. */
    error: z.number().nullable(),
    baseline_error: z.number().nullable(),
  }),
  key: ["date", "player_id"],
});

export const predictionGradesDaily = processor("prediction_grades", {
  phase: "predictions",
  criticality: "normal",
  needs: [anyOf(praPredictionsDaily, recordedPredictionsDaily), actualsDaily],
  partitions: days,
  // Every prediction has its row, graded or not.
  expect: async (ctx) => {
    const predictions = await ctx.read(praPredictions).count({ date: ctx.partition });
    return { min: predictions, max: predictions };
  },
  expectedBy: { days: 1, at: "08:00" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: predictionGrades,
  async run(ctx) {
    const predictions = await ctx.read(praPredictions).rows({ date: ctx.partition });
    if (predictions.length === 0) return noData("nothing was predicted for that day");
    const results = await ctx.read(actuals).rows({ date: ctx.partition });
    const reached = new Map(results.map(({ player_id, game_id, pra }) => [`${player_id} ${game_id}`, pra]));
    const rows = predictions.map(({ date, player_id, game_id, predicted, baseline }) => {
      const actual = reached.get(`${player_id} ${game_id}`) ?? null;
      const errors = { error: distance(predicted, actual), baseline_error: distance(baseline, actual) };
      return { date, player_id, game_id, predicted, baseline, actual, ...errors };
    });
    await ctx.write(predictionGrades, rows);

    const grade = gradePredictions(rows.map(({ baseline, ...row }) => ({ ...row, seasonAverage: baseline })));
    ctx.metric("predictions.graded", grade.graded);
    ctx.metric("predictions.without_actual", grade.withoutActual);
    if (grade.modelError) ctx.metric("predictions.mae", grade.modelError.mae);
    if (grade.averageError) ctx.metric("predictions.baseline_mae", grade.averageError.mae);
    return undefined;
  },
});

function distance(guess: number | null, actual: number | null): number | null {
  return guess === null || actual === null ? null : Math.abs(guess - actual);
}
