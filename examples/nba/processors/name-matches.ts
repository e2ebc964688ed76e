// Whom a bookmaker means by a name. A line is matched with a player, or kept with the candidates that it might be: none is dropped.

import { dataset, type ExpectContext, noData, optional, processor } from "headworks";
import { z } from "zod";
import { readAliases } from "../names/aliases.ts";
import { resolveName } from "../names/resolve.ts";
import { indexRoster, type RosterRow } from "../names/roster.ts";
import { days, season } from "../season.ts";
import { findTricode } from "../team-names.ts";
import { players, playersReference } from "./players.ts";
import { propLines, propLinesDaily } from "./prop-lines.ts";
import { recordedPlayers, recordedPlayersReference } from "./recorded-players.ts";
import { rosters, rostersDaily } from "./rosters.ts";

const lineKey = { date: z.iso.date(), bookmaker: z.string(), player_name: z.string(), event_id: z.string() };

export const nameMatches = dataset("name_matches", {
  schema: z.object({
    ...lineKey,
    player_id: z.int(),
    /** From 0 to 1. */
    score: z.number(),
    method: z.enum(["exact", "alias", "normalized", "reordered", "shortened", "similar"]),
  }),
  key: ["date", "bookmaker", "player_name", "event_id"],
});

/** Lines to be looked at by a person, who adds an alias to `names/aliases.csv` when he knows the player. */
const unresolvedNames = dataset("unresolved_names", {
  schema: z.object({
    ...lineKey,
    candidates: z.array(z.object({ id: z.int(), name: z.string(), score: z.number() })),
  }),
  key: ["date", "bookmaker", "player_name", "event_id"],
});

const aliases = readAliases();

export const nameMatchesDaily = processor("name_matches", {
  phase: "precompute",
  criticality: "high",
  needs: [
    propLinesDaily,
    optional(rostersDaily),
    optional(playersReference),
    optional(recordedPlayersReference),
  ],
  partitions: days,
  expect: async (ctx) => {
    const lines = await ctx.read(propLines).count({ date: ctx.partition });
    return { min: lines, max: lines };
  },
  expectedBy: { days: 1, at: "06:00" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: [nameMatches, unresolvedNames],
  async run(ctx) {
    const lines = await ctx.read(propLines).rows({ date: ctx.partition });
    if (lines.length === 0) return noData("no lines that day");
    const roster = indexRoster(await knownNames(ctx, ctx.partition), aliases);
    const answers = lines.map((line) => {
      const { date, bookmaker, player_name, event_id, home_team, away_team } = line;
      // Bookmakers write teams out: "Denver Nuggets" is DEN.
      const playing = [home_team, away_team].map((team) => findTricode(team) ?? team);
      const answer = resolveName(player_name, roster, { teams: playing, date });
      return { line: { date, bookmaker, player_name, event_id }, answer };
    });
    await ctx.write(
      nameMatches,
      answers.flatMap(({ line, answer }) =>
        answer.kind === "resolved"
          ? { ...line, player_id: answer.playerId, score: answer.score, method: answer.method }
          : [],
      ),
    );
    await ctx.write(
      unresolvedNames,
      answers.flatMap(({ line, answer }) =>
        answer.kind === "unresolved"
          ? {
              ...line,
              candidates: answer.candidates.map(({ playerId, ...rest }) => ({ id: playerId, ...rest })),
            }
          : [],
      ),
    );
    for (const [bookmaker, its] of Map.groupBy(answers, ({ line }) => line.bookmaker)) {
      const resolved = its.filter(({ answer }) => answer.kind === "resolved").length;
      ctx.metric("mapping.coverage", resolved / its.length, { bookmaker });
      ctx.metric("mapping.lines", its.length, { bookmaker });
    }
    return undefined;
  },
});

type Reading = Pick<ExpectContext, "read" | "has">;

/** The players with their teams of the day, and everybody else of the season, whose team nobody says. */
async function knownNames(ctx: Reading, date: string): Promise<RosterRow[]> {
  const onRosters = ctx.has(rosters) ? await ctx.read(rosters).rows({ date }) : [];
  const listed = ctx.has(players) ? await ctx.read(players).rows() : [];
  const recorded = ctx.has(recordedPlayers) ? await ctx.read(recordedPlayers).rows() : [];
  return [
    ...onRosters.map(({ player_id, name, team }) => ({ playerId: player_id, name, team })),
    ...[...listed, ...recorded].map(({ player_id, name }) => ({ playerId: player_id, name })),
  ];
}
