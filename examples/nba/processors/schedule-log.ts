// The games of a day once more, from another endpoint with other words for them: a line for each team, in columns.

import { dataset, noData, optional, processor } from "headworks";
import { z } from "zod";
import { gamesOf } from "../pages/game-log.ts";
import { logDays, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";
import { schedule, scheduleGames } from "./schedule.ts";

const GameLogResponse = z.object({
  resultSets: z.tuple([
    z.object({
      headers: z.array(z.string()),
      rowSet: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
    }),
  ]),
});

export const logGames = dataset("log_games", {
  schema: z.object({
    game_id: z.string(),
    date: z.iso.date(),
    /** Tricodes. On a neutral floor the log doesn't say who is at home: then they are in order of name. */
    home_team: z.string().length(3),
    away_team: z.string().length(3),
    home_points: z.int(),
    away_points: z.int(),
    neutral_floor: z.boolean(),
  }),
  key: ["game_id"],
});

export const scheduleLog = processor("schedule_log", {
  phase: "raw",
  criticality: "high",
  // Only to know how many games to expect: it takes the schedule's place where that has failed.
  needs: [optional(schedule)],
  partitions: logDays,
  expect: async (ctx) =>
    (await ctx.isSettled(scheduleGames))
      ? ctx.read(scheduleGames).count({ date: ctx.partition, status: "final" })
      : undefined,
  expectedBy: { days: 1, at: "04:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: logGames,
  async run(ctx) {
    const answer = await ctx.http(stats).json(`/games/log?date=${ctx.partition}`, GameLogResponse);
    const { games, alone } = gamesOf(answer.resultSets[0]);
    if (alone.length > 0) ctx.log.warn("games with a line of one team only are left out", { games: alone });
    if (games.length === 0) return noData("no games that day");
    await ctx.write(logGames, games);
    return undefined;
  },
});
