// The teams of the league, and with them the partitions of everything that is done per team.

import { dataset, processor } from "headworks";
import { z } from "zod";
import { season, teamPartitions } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

const TeamsResponse = z.object({
  teams: z.array(
    z.object({
      teamId: z.int(),
      tricode: z.string(),
      name: z.string(),
      conference: z.enum(["East", "West"]),
    }),
  ),
});

export const teams = dataset("teams", {
  schema: z.object({
    team_id: z.int(),
    tricode: z.string(),
    name: z.string(),
    conference: z.enum(["East", "West"]),
  }),
  key: ["team_id"],
});

export const teamsReference = processor("teams", {
  phase: "reference",
  criticality: "critical",
  expect: { min: 30, max: 30 },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: teams,
  discovers: teamPartitions,
  async run(ctx) {
    const answer = await ctx.http(stats).json("/teams", TeamsResponse);
    await ctx.write(
      teams,
      answer.teams.map((team) => ({
        team_id: team.teamId,
        tricode: team.tricode,
        name: team.name,
        conference: team.conference,
      })),
    );
    ctx.discover(
      "teams",
      answer.teams.map((team) => team.tricode),
    );
  },
});
