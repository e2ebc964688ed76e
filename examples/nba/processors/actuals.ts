// What every player's points, rebounds and assists (PRA) of a day came to: from the box scores, or as a source recorded them.

import { anyOf, dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { playerGameSummaries, playerGameSummariesDaily } from "./player-game-summaries.ts";
import { recordedActuals, recordedActualsDaily } from "./recorded-actuals.ts";

export const actuals = dataset("actuals", {
  schema: z.object({
    player_id: z.int(),
    game_id: z.string(),
    date: z.iso.date(),
    name: z.string(),
    /** Null where the source doesn't say for whom he played. */
    team: z.string().nullable(),
    pra: z.int(),
  }),
  key: ["player_id", "game_id"],
});

export const actualsDaily = processor("actuals", {
  phase: "analytics",
  criticality: "high",
  needs: [anyOf(playerGameSummariesDaily, recordedActualsDaily)],
  partitions: days,
  expect: async (ctx) => {
    const source = ctx.has(playerGameSummaries) ? playerGameSummaries : recordedActuals;
    const records = await ctx.read(source).count({ date: ctx.partition });
    return { min: records, max: records };
  },
  expectedBy: { days: 1, at: "06:30" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: actuals,
  async run(ctx) {
    const day = { date: ctx.partition };
    const rows = ctx.has(playerGameSummaries)
      ? await ctx.read(playerGameSummaries).rows(day)
      : (await ctx.read(recordedActuals).rows(day)).map((row) => ({ ...row, team: null }));
    if (rows.length === 0) return noData("nobody played that day");
    await ctx.write(
      actuals,
      rows.map(({ player_id, game_id, date, name, team, pra }) => ({
        player_id,
        game_id,
        date,
        name,
        team,
        pra,
      })),
    );
    return undefined;
  },
});
