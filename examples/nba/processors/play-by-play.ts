// How the lead of a game went to and fro, summed up from its plays.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { gamePartitions, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";
import { games, gamesDaily } from "./games.ts";

const FINAL = 3;

const PlayByPlayResponse = z.object({
  gameId: z.string(),
  gameStatus: z.int(),
  leadChanges: z.int(),
  timesTied: z.int(),
  homeLargestLead: z.int(),
  awayLargestLead: z.int(),
  runs: z.array(z.object({ tricode: z.string(), points: z.int() })),
});

const playByPlay = dataset("play_by_play", {
  schema: z.object({
    game_id: z.string(),
    lead_changes: z.int(),
    times_tied: z.int(),
    /** Points; 0 for a team that never led. */
    home_largest_lead: z.int(),
    away_largest_lead: z.int(),
    /** How often a team scored eight points or more without an answer, and the most that one did. */
    runs: z.int(),
    longest_run: z.int(),
  }),
  key: ["game_id"],
});

export const playByPlayRaw = processor("play_by_play", {
  phase: "raw",
  criticality: "low",
  needs: [gamesDaily],
  partitions: gamePartitions,
  expect: (ctx) => ctx.read(games).count({ game_id: ctx.partition, status: "final" }),
  expectedBy: { days: 1, at: "06:00" },
  hardTimeout: "30s",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: playByPlay,
  async run(ctx) {
    const path = `/play-by-play/${ctx.partition}/summary`;
    const summary = await ctx.http(stats).findJson(path, PlayByPlayResponse);
    if (summary?.gameStatus !== FINAL) return noData("not of the whole game yet");
    await ctx.write(playByPlay, [
      {
        game_id: summary.gameId,
        lead_changes: summary.leadChanges,
        times_tied: summary.timesTied,
        home_largest_lead: summary.homeLargestLead,
        away_largest_lead: summary.awayLargestLead,
        runs: summary.runs.length,
        longest_run: Math.max(0, ...summary.runs.map((run) => run.points)),
      },
    ]);
    return undefined;
  },
});
