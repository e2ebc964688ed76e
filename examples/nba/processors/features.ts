// What is known of every player before he plays on a day: his form, his rest, and the defense that he meets.

import { dataset, need, noData, optional, preceding, processor, queue } from "headworks";
import { z } from "zod";
import { type BoxLine, rollingFeatures, type SlatePlayer } from "../model/features.ts";
import { days, season } from "../season.ts";
import { games, gamesDaily } from "./games.ts";
import { playerGameSummaries, playerGameSummariesDaily } from "./player-game-summaries.ts";
import { rosters, rostersDaily } from "./rosters.ts";
import { teamGameSummaries, teamGameSummariesDaily } from "./team-game-summaries.ts";

/** More days than a season has: "all days so far, but not this one". */
const SEASON_DAYS = 300;
/** A team that has not played for so long has no form. */
const FORM_DAYS = 21;
const FEWEST_PLAYERS = 5;

/** Runs that hold a season's lines in memory: a few at once keep the processors busy. */
export const historyQueue = queue("history", { maxConcurrentDispatches: 4 });

/** A mean per game that he played in; null before his first one. */
const mean = z.number().nullable();

export const features = dataset("features", {
  schema: z.object({
    date: z.iso.date(),
    player_id: z.int(),
    game_id: z.string(),
    team: z.string(),
    opponent: z.string(),
    /** How many games the means of the season are of. */
    games_played: z.int(),
    /** 1 or 0, as a model wants it. */
    home: z.int(),
    back_to_back: z.int(),
    rest_days: z.int().nullable(),
    pra_last_5: mean,
    pra_last_10: mean,
    pra_season: mean,
    points_last_5: mean,
    points_last_10: mean,
    points_season: mean,
    rebounds_last_5: mean,
    rebounds_last_10: mean,
    rebounds_season: mean,
    assists_last_5: mean,
    assists_last_10: mean,
    assists_season: mean,
    minutes_last_5: mean,
    minutes_last_10: mean,
    minutes_season: mean,
    opponent_pra_allowed: mean,
    opponent_pra_allowed_to_position: mean,
  }),
  key: ["date", "player_id"],
});

export const featuresDaily = processor("features", {
  phase: "precompute",
  criticality: "high",
  needs: [
    gamesDaily,
    optional(rostersDaily),
    need(playerGameSummariesDaily, { partitions: preceding(SEASON_DAYS) }),
    need(teamGameSummariesDaily, { partitions: preceding(FORM_DAYS) }),
  ],
  partitions: days,
  // Of a team that has played lately, at least those who can play again are known.
  expect: async (ctx) => {
    const slate = (await ctx.read(games).rows({ date: ctx.partition })).filter(season.hasBoxScore);
    const playing = slate.flatMap((game) => [game.home_team, game.away_team]);
    const lately = await ctx.read(teamGameSummaries).rows({ team: playing, date: { lt: ctx.partition } });
    return { min: FEWEST_PLAYERS * new Set(lately.map(({ team }) => team)).size };
  },
  expectedBy: { days: 1, at: "07:00" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: historyQueue,
  output: features,
  async run(ctx) {
    const day = ctx.partition;
    // A game without a box score could neither be learned from nor graded.
    const slate = (await ctx.read(games).rows({ date: day })).filter(season.hasBoxScore);
    if (slate.length === 0) return noData("no games that day");
    const history = await ctx.read(playerGameSummaries).rows({ date: { lt: day } });
    const listed = ctx.has(rosters) ? await ctx.read(rosters).rows({ date: day }) : [];
    const squad = listed.length > 0 ? listed : lastTeams(history);

    const positions = new Map(squad.map(({ player_id, position }) => [player_id, position]));
    const lines = history.map((line) => ({ ...line, position: positions.get(line.player_id) }));
    const byId = new Map(slate.map((game) => [game.game_id, game]));
    const rows = rollingFeatures({ day, games: slate, players: squad, lines }).map((row) => {
      const { home_team = "", away_team = "" } = byId.get(row.game_id) ?? {};
      const [team, opponent] = row.home === 1 ? [home_team, away_team] : [away_team, home_team];
      return { ...row, team, opponent };
    });
    await ctx.write(features, rows);
    ctx.metric("features.without_history", rows.filter(({ games_played }) => games_played === 0).length);
    return undefined;
  },
});

/** Where no roster is to be had, a player is with the team for which he played last. */
function lastTeams(history: readonly (BoxLine & { team: string })[]): SlatePlayer[] {
  const last = new Map<number, { date: string; team: string }>();
  for (const { player_id, date, team } of history) {
    if (date >= (last.get(player_id)?.date ?? "")) last.set(player_id, { date, team });
  }
  return [...last].map(([player_id, { team }]) => ({ player_id, team }));
}
