// The predictions that came with a recorded season, beside each player's average of the season so far.

import { need, noData, preceding, processor } from "headworks";
import { days, season } from "../season.ts";
import { praPredictions } from "./pra-predictions.ts";
import { recordedActuals, recordedActualsDaily } from "./recorded-actuals.ts";

/** More days than a season has: "all days so far, but not this one". */
const SEASON_DAYS = 300;

export const recordedPredictionsDaily = processor("recorded_predictions", {
  phase: "predictions",
  criticality: "normal",
  needs: [recordedActualsDaily, need(recordedActualsDaily, { partitions: preceding(SEASON_DAYS) })],
  partitions: days,
  expect: async (ctx) => {
    const records = await ctx.read(recordedActuals).count({ date: ctx.partition });
    return { min: records, max: records };
  },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: praPredictions,
  async run(ctx) {
    const known = await ctx.read(recordedActuals).rows({ date: { lte: ctx.partition } });
    const today = known.filter(({ date }) => date === ctx.partition);
    if (today.length === 0) return noData("nothing was predicted for that day");
    const earlier = Map.groupBy(
      known.filter(({ date }) => date < ctx.partition),
      ({ player_id }) => player_id,
    );
    await ctx.write(
      praPredictions,
      today.map((row) => ({
        date: row.date,
        player_id: row.player_id,
        game_id: row.game_id,
        predicted: row.predicted_pra,
        baseline: meanPra(earlier.get(row.player_id) ?? []),
        model_week: null,
      })),
    );
    return undefined;
  },
});

function meanPra(games: readonly { pra: number }[]): number | null {
  return games.length === 0 ? null : games.reduce((sum, { pra }) => sum + pra, 0) / games.length;
}
