// How many games of a day were scheduled, fetched, summarised, featured, predicted, graded and published.

import { type Dataset, dataset, need, optional, processor } from "headworks";
import { z } from "zod";
import { funnelOf } from "../publish/funnel.ts";
import { publications } from "../publish/publications.ts";
import { days, season } from "../season.ts";
import { boxScores, boxScoresRaw } from "./box-scores.ts";
import { features, featuresDaily } from "./features.ts";
import { games, gamesDaily } from "./games.ts";
import { playerGameSummaries, playerGameSummariesDaily } from "./player-game-summaries.ts";
import { praPredictions, praPredictionsDaily } from "./pra-predictions.ts";
import { predictionGrades, predictionGradesDaily } from "./prediction-grades.ts";
import { recordedPredictionsDaily } from "./recorded-predictions.ts";
import { slateDaily } from "./slate.ts";

/** Null: the season has no such stage. */
const count = z.int().nullable();

const funnel = dataset("funnel", {
  schema: z.object({
    date: z.iso.date(),
    scheduled: count,
    fetched: count,
    summarised: count,
    featured: count,
    predicted: count,
    graded: count,
    published: count,
  }),
  key: ["date"],
});

export const funnelDaily = processor("funnel", {
  phase: "publish",
  criticality: "low",
  // Counted once all stages are settled in any way, and again whenever one of them heals.
  needs: [
    need(slateDaily, { accept: "degraded" }),
    optional(gamesDaily),
    optional(boxScoresRaw),
    optional(playerGameSummariesDaily),
    optional(featuresDaily),
    optional(praPredictionsDaily),
    optional(recordedPredictionsDaily),
    optional(predictionGradesDaily),
  ],
  partitions: days,
  expect: { min: 1, max: 1 },
  expectedBy: { days: 1, at: "09:00" },
  output: funnel,
  async run(ctx) {
    const on = { date: ctx.partition };
    const where = <T>(stage: Dataset, read: () => Promise<T>) => (ctx.has(stage) ? read() : undefined);
    const scheduled = await where(games, () => ctx.read(games).rows(on));
    const ids = scheduled?.map(({ game_id }) => game_id) ?? [];
    const slate = { generated_for: ctx.partition, schema: "slate/1", status: "published" } as const;
    const [publication] = await ctx.read(publications).rows(slate);
    const stages = {
      scheduled,
      fetched: await where(boxScores, () => ctx.read(boxScores).rows({ game_id: ids })),
      summarised: await where(playerGameSummaries, () => ctx.read(playerGameSummaries).rows(on)),
      featured: await where(features, () => ctx.read(features).rows(on)),
      predicted: await where(praPredictions, () => ctx.read(praPredictions).rows(on)),
      graded: await where(predictionGrades, () => ctx.read(predictionGrades).rows(on)),
      published: publication?.games ?? 0,
    };
    const graded = stages.graded?.filter(({ actual }) => actual !== null);
    const row = funnelOf({ ...stages, graded });
    await ctx.write(funnel, [{ ...on, ...row }]);
    for (const [stage, value] of Object.entries(row)) {
      if (value !== null) ctx.metric("funnel.games", value, { stage, season: season.name });
    }
  },
});
