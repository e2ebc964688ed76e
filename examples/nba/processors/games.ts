// The games of a day, from the first of its listings that is there. It says which games exist: every other processor's
// "nothing to do" is justified by it.

import {
  anyOf,
  dataset,
  dependencyMissing,
  type ExpectContext,
  noData,
  optional,
  processor,
  type RowOf,
} from "headworks";
import { days, gamePartitions, season } from "../season.ts";
import { findTricode } from "../team-names.ts";
import { gameColumns, schedule, scheduleGames } from "./schedule.ts";
import { logGames, scheduleLog } from "./schedule-log.ts";
import { pageGames, schedulePages } from "./schedule-pages.ts";

export const games = dataset("games", { schema: gameColumns, key: ["game_id"] });

type Game = RowOf<typeof games>;

export const gamesDaily = processor("games", {
  phase: "raw",
  criticality: "critical",
  // Any of them will do, but the schedule comes first: the others are asked only when it has failed for good. Where two
  // disagree, `schedule_differences` tells; nothing is mixed here.
  needs: [anyOf(schedule, scheduleLog, schedulePages), optional(schedule)],
  partitions: days,
  expect: async (ctx) => (await listedGames(ctx))?.length,
  expectedBy: { days: 1, at: "04:30" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: games,
  discovers: gamePartitions,
  async run(ctx) {
    const listed = await listedGames(ctx);
    if (listed === undefined) return dependencyMissing("no listing of the games is there");
    ctx.metric("games.scheduled", listed.length, { season: season.name });
    if (listed.length === 0) return noData("no games that day");
    await ctx.write(games, listed);
    const played = listed.filter((game) => game.status === "final" && season.hasBoxScore(game));
    ctx.discover(
      "games",
      played.map((game) => game.game_id),
    );
    return undefined;
  },
});

async function listedGames(ctx: ExpectContext): Promise<Game[] | undefined> {
  const date = ctx.partition;
  if (await ctx.isSettled(scheduleGames)) return ctx.read(scheduleGames).rows({ date });
  if (await ctx.isSettled(logGames)) return (await ctx.read(logGames).rows({ date })).map(fromLog);
  if (await ctx.isSettled(pageGames)) return (await ctx.read(pageGames).rows({ date })).map(fromPage);
  return undefined;
}

/** The log tells of games that were played, and not of which kind they were. */
function fromLog({ neutral_floor: _, ...game }: RowOf<typeof logGames>): Game {
  return { ...game, status: "final", season_type: seasonTypeOn(game.date) };
}

/** A page has names for its teams, and none for its games. */
function fromPage({ starts_at: _, ...game }: RowOf<typeof pageGames>): Game {
  const home = tricodeOf(game.home_team);
  return {
    ...game,
    game_id: `${game.date}-${home}`,
    home_team: home,
    away_team: tricodeOf(game.away_team),
    status: game.home_points === null ? "scheduled" : "final",
    season_type: seasonTypeOn(game.date),
  };
}

function seasonTypeOn(date: string): Game["season_type"] {
  return date > season.lastRegularDay ? "playoffs" : "regular";
}

function tricodeOf(name: string): string {
  const tricode = findTricode(name);
  if (tricode === undefined) throw new Error(`no team is called "${name}": add it to team-names.ts`);
  return tricode;
}
