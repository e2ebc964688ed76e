// The games of a day, as the schedule lists them: the listing that the pipeline trusts first.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";

const ScheduleResponse = z.object({
  games: z.array(
    z.object({
      gameId: z.string(),
      date: z.iso.date(),
      homeTeam: z.string(),
      awayTeam: z.string(),
      status: z.enum(["final", "scheduled", "postponed"]),
      homePoints: z.int().nullable(),
      awayPoints: z.int().nullable(),
      seasonType: z.enum(["regular", "playoffs"]),
    }),
  ),
});

/** A game as the pipeline knows it, whichever listing it comes from. */
export const gameColumns = z.object({
  game_id: z.string(),
  date: z.iso.date(),
  /** Tricodes. */
  home_team: z.string().length(3),
  away_team: z.string().length(3),
  status: z.enum(["final", "scheduled"]),
  /** Null until the game is final. */
  home_points: z.int().nullable(),
  away_points: z.int().nullable(),
  season_type: z.enum(["regular", "playoffs"]),
});

export const scheduleGames = dataset("schedule_games", { schema: gameColumns, key: ["game_id"] });

export const schedule = processor("schedule", {
  phase: "raw",
  criticality: "critical",
  partitions: days,
  expectedBy: { days: 1, at: "03:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: scheduleGames,
  async run(ctx) {
    const { games } = await ctx.http(stats).json(`/schedule?date=${ctx.partition}`, ScheduleResponse);
    // A postponed game is listed on both days; it belongs to the one on which it is played.
    const rows = games.flatMap(({ status, ...game }) =>
      status === "postponed"
        ? []
        : {
            game_id: game.gameId,
            date: game.date,
            home_team: game.homeTeam,
            away_team: game.awayTeam,
            status,
            home_points: game.homePoints,
            away_points: game.awayPoints,
            season_type: game.seasonType,
          },
    );
    if (rows.length === 0) return noData("no games that day");
    await ctx.write(scheduleGames, rows);
    return undefined;
  },
});
