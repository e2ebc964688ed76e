// A small season with a real source over HTTP: box scores and rates of a day, summaries, a model of all days, predictions.

import type { RequestListener } from "node:http";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { every, need, optional, preceding } from "../../define/needs.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { noData } from "../../define/results.ts";
import type { Source } from "../../define/source.ts";

export const DAYS = ["2026-01-01", "2026-01-02", "2026-01-03"] as const;
/** Three players play on each day, the first two in one game, the third in another. */
const PLAYERS = [7, 8, 9];

const days = daily({ start: DAYS[0], end: DAYS[2] });
const player = { player_id: z.int(), pra: z.number() };
const ScoresResponse = z.object({ scores: z.array(z.object({ game_id: z.string(), ...player })) });

const scores = dataset("scores", {
  schema: z.object({ game_id: z.string(), day: z.iso.date(), ...player }),
  key: ["game_id", "player_id"],
});
const summaries = dataset("summaries", {
  schema: z.object({ day: z.iso.date(), game_id: z.string(), ...player }),
  key: ["day", "player_id"],
});
const fits = dataset("fits", {
  schema: z.object({ name: z.string(), mean: z.number(), weights: z.object({ form: z.number() }) }),
  key: ["name"],
});
const venues = dataset("venues", {
  schema: z.object({ game_id: z.string(), city: z.string() }),
  key: ["game_id"],
});
const predictions = dataset("predictions", {
  schema: z.object({ day: z.iso.date(), player_id: z.int(), game_id: z.string(), predicted: z.number() }),
  key: ["day", "player_id"],
});

/** What the source answers: the scores of a day; each game is called by its day and a letter. */
export const answerScores: RequestListener = (request, response) => {
  const day = new URL(request.url ?? "", "http://source").searchParams.get("day") ?? "";
  const listed = PLAYERS.map((player_id) => ({
    game_id: `${day}-${player_id < 9 ? "a" : "b"}`,
    player_id,
    pra: player_id + Number(day.slice(-2)),
  }));
  response.end(JSON.stringify({ scores: listed }));
};

/** The processors that read this source. */
export function seasonOf(source: Source) {
  const rawScores = processor("raw_scores", {
    phase: "all",
    partitions: days,
    output: scores,
    async run(ctx) {
      const answer = await ctx.http(source).json(`/scores?day=${ctx.partition}`, ScoresResponse);
      await ctx.write(
        scores,
        answer.scores.map((row) => ({ ...row, day: ctx.partition })),
      );
    },
  });
  const rawVenues = processor("raw_venues", {
    phase: "all",
    partitions: days,
    output: venues,
    async run(ctx) {
      const games = ["a", "b"].map((letter) => ({ game_id: `${ctx.partition}-${letter}`, city: "Denver" }));
      await ctx.write(venues, games);
    },
  });
  const daySummaries = processor("day_summaries", {
    phase: "all",
    partitions: days,
    needs: [rawScores],
    output: summaries,
    async run(ctx) {
      await ctx.write(summaries, await ctx.read(scores).rows({ day: ctx.partition }));
    },
  });
  const model = processor("model", {
    phase: "all",
    needs: [need(rawScores, { partitions: every() })],
    output: fits,
    async run(ctx) {
      const rows = await ctx.read(scores).rows();
      const mean = rows.reduce((sum, row) => sum + row.pra, 0) / rows.length;
      await ctx.write(fits, [{ name: "ridge", mean, weights: { form: 1 } }]);
    },
  });
  const dayPredictions = processor("day_predictions", {
    phase: "all",
    partitions: days,
    needs: [need(daySummaries, { partitions: preceding(9) }), rawVenues, optional(model)],
    output: predictions,
    async run(ctx) {
      const earlier = await ctx.read(summaries).rows({ day: { lt: ctx.partition } });
      if (earlier.length === 0) return noData("nobody has played yet");
      const byPlayer = [...Map.groupBy(earlier, (row) => row.player_id)];
      const rows = byPlayer.map(([player_id, games]) => ({
        ...{ day: ctx.partition, player_id, game_id: `${ctx.partition}-${player_id < 9 ? "a" : "b"}` },
        predicted: games.reduce((sum, row) => sum + row.pra, 0) / games.length,
      }));
      await ctx.write(predictions, rows);
      return undefined;
    },
  });
  return [rawScores, rawVenues, daySummaries, model, dayPredictions];
}
