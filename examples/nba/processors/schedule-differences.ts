// Where the two schedules of a day disagree. Nothing is decided here: a person, or a monitor, looks at the rows.

import { dataset, need, processor } from "headworks";
import { z } from "zod";
import { compareSchedules, DIFFERENCES } from "../schedule-comparison.ts";
import { logDays, season } from "../season.ts";
import { schedule, scheduleGames } from "./schedule.ts";
import { logGames, scheduleLog } from "./schedule-log.ts";

const scheduleDifferences = dataset("schedule_differences", {
  schema: z.object({
    game_id: z.string(),
    date: z.iso.date(),
    kind: z.enum(DIFFERENCES),
    /** The game as the schedule has it: `DAL 110, DET 112`. Null where it doesn't. */
    ours: z.string().nullable(),
    /** The game as the log has it. */
    theirs: z.string().nullable(),
  }),
  key: ["game_id"],
});

export const scheduleDifferencesDaily = processor("schedule_differences", {
  phase: "raw",
  criticality: "normal",
  // A log that lacks games is just what it is to tell of; should the log get them, it is made again.
  needs: [schedule, need(scheduleLog, { accept: "degraded" })],
  partitions: logDays,
  expect: (ctx) => ctx.read(scheduleGames).count({ date: ctx.partition, status: "final" }),
  expectedBy: { days: 1, at: "05:00" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: scheduleDifferences,
  async run(ctx) {
    const date = ctx.partition;
    const ours = await ctx.read(scheduleGames).rows({ date, status: "final" });
    const theirs = await ctx.read(logGames).rows({ date });
    const differences = compareSchedules(ours, theirs);
    ctx.metric("schedule.differences", differences.length, { season: season.name });
    await ctx.write(scheduleDifferences, differences);
    // What it is for is games compared: that none differs is a result, and replaces what differed before.
    return { records: new Set([...ours, ...theirs].map((game) => game.game_id)).size };
  },
});
