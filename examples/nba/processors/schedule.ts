// The games of a day. It says which games exist: every other processor's "nothing to do" is justified by it.

import { dataset, noData, processor } from "headworks";
import { z } from "zod";
import { days, gamePartitions, season } from "../season.ts";
import { ScheduleResponse, stats, statsQueue } from "../stats.ts";

export const games = dataset("games", {
  schema: z.object({
    game_id: z.string(),
    date: z.iso.date(),
    home_team: z.string(),
    away_team: z.string(),
    status: z.enum(["final", "scheduled"]),
    home_points: z.int().nullable(),
    away_points: z.int().nullable(),
    season_type: z.enum(["regular", "playoffs"]),
  }),
  key: ["game_id"],
});

export const schedule = processor("schedule", {
  phase: "raw",
  criticality: "critical",
  partitions: days,
  expectedBy: { days: 1, at: "03:00" },
  hardTimeout: "1m",
  recheckEvery: season.recheckEvery,
  queue: statsQueue,
  output: games,
  discovers: gamePartitions,
  async run(ctx) {
    const { games: listed } = await ctx.http(stats).json(`/schedule?date=${ctx.partition}`, ScheduleResponse);
    // A postponed game is listed on both days; it belongs to the one on which it is played.
    const rows = listed.flatMap(({ status, ...game }) =>
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
    await ctx.write(games, rows);
    const played = rows.filter((game) => game.status === "final" && season.hasBoxScore(game));
    ctx.discover(
      "games",
      played.map((game) => game.game_id),
    );
    ctx.metric("games.scheduled", rows.length, { season: season.name });
    return undefined;
  },
});
