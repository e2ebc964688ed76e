// The standings at the end of a day, from all results of the regular season so far.

import { dataset, need, processor, trailing } from "headworks";
import { z } from "zod";
import { days } from "../season.ts";
import { share, tally } from "../standings.ts";
import { games, gamesDaily } from "./games.ts";
import { teams, teamsReference } from "./teams.ts";

/** More days than a season has: "all days so far". */
const SEASON_DAYS = 300;

export const standings = dataset("standings", {
  schema: z.object({
    date: z.iso.date(),
    team: z.string(),
    rank: z.int(),
    wins: z.int(),
    losses: z.int(),
    win_share: z.number(),
  }),
  key: ["date", "team"],
});

export const standingsDaily = processor("standings", {
  phase: "analytics",
  criticality: "high",
  needs: [teamsReference, need(gamesDaily, { partitions: trailing(SEASON_DAYS) })],
  partitions: days,
  expect: async (ctx) => ctx.read(teams).count(),
  expectedBy: { days: 1, at: "06:00" },
  output: standings,
  async run(ctx) {
    const all = await ctx.read(teams).rows();
    const results = await ctx
      .read(games)
      .rows({ date: { lte: ctx.partition }, season_type: "regular", status: "final" });
    const table = tally(
      all.map((team) => team.tricode),
      results,
    );
    await ctx.write(
      standings,
      table.map((row, index) => ({ date: ctx.partition, rank: index + 1, win_share: share(row), ...row })),
    );
  },
});
