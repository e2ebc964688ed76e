// A team's whole regular season. The league's rule, so many games for every team, is what the ledger expects of it.

import { dataset, every, need, processor } from "headworks";
import { z } from "zod";
import { season, teamPartitions } from "../season.ts";
import { tally } from "../standings.ts";
import { games, gamesDaily } from "./games.ts";
import { teamsReference } from "./teams.ts";

const teamSeasons = dataset("team_seasons", {
  schema: z.object({ team: z.string(), games: z.int(), wins: z.int(), losses: z.int() }),
  key: ["team"],
});

export const teamSeasonsTotals = processor("team_seasons", {
  phase: "analytics",
  needs: [teamsReference, need(gamesDaily, { partitions: every() })],
  partitions: teamPartitions,
  expect: { min: season.gamesPerTeam, max: season.gamesPerTeam },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: teamSeasons,
  async run(ctx) {
    const team = ctx.partition;
    const regular = { season_type: "regular", status: "final" } as const;
    const results = [
      ...(await ctx.read(games).rows({ home_team: team, ...regular })),
      ...(await ctx.read(games).rows({ away_team: team, ...regular })),
    ];
    const [row] = tally([team], results);
    if (row === undefined) return { records: 0 };
    await ctx.write(teamSeasons, [{ ...row, games: results.length }]);
    return { records: results.length };
  },
});
