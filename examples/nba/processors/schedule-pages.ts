// The games of a month from a web page that was made for people: the schedule of seasons that no service tells of.

import { dataset, processor } from "headworks";
import { z } from "zod";
import { readSchedulePage } from "../pages/schedule-page.ts";
import { months, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

export const pageGames = dataset("page_games", {
  schema: z.object({
    starts_at: z.iso.datetime(),
    /** The day in New York, where that of `starts_at` may be the next one. */
    date: z.iso.date(),
    /** Full names: `Boston Celtics`. */
    home_team: z.string().min(1),
    away_team: z.string().min(1),
    /** Null until the game is over. */
    home_points: z.int().nullable(),
    away_points: z.int().nullable(),
  }),
  key: ["starts_at", "home_team"],
});

export const schedulePages = processor("schedule_pages", {
  phase: "raw",
  criticality: "critical",
  partitions: months,
  // No month of a season is without games.
  expect: { min: 1 },
  expectedBy: { days: 31, at: "12:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: pageGames,
  async run(ctx) {
    const html = await ctx.http(stats).text(pathOf(ctx.partition));
    await ctx.write(pageGames, readSchedulePage(html));
  },
});

/** `2017-10` → `/pages/schedule/2018/october.html`: a season is filed under the year in which it ends. */
function pathOf(month: string): string {
  const name = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(
    new Date(`${month}-01`),
  );
  return `/pages/schedule/${Number(season.name.slice(0, 4)) + 1}/${name.toLowerCase()}.html`;
}
