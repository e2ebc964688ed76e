// The box score of a game: a line for every player who played.

import { dataset, processor } from "headworks";
import { z } from "zod";
import { gamePartitions, season } from "../season.ts";
import { stats, statsQueue } from "../stats.ts";
import { games, gamesDaily } from "./games.ts";

const BoxScoreResponse = z.object({
  gameId: z.string(),
  gameStatusText: z.string(),
  players: z.array(
    z.object({
      personId: z.int(),
      name: z.string(),
      tricode: z.string(),
      minutes: z.string(),
      points: z.int(),
      reboundsTotal: z.int(),
      assists: z.int(),
      fieldGoalsAttempted: z.int(),
      freeThrowsAttempted: z.int(),
      turnovers: z.int(),
    }),
  ),
});

export const boxScores = dataset("box_scores", {
  schema: z.object({
    game_id: z.string(),
    player_id: z.int(),
    player: z.string(),
    team: z.string(),
    seconds: z.int(),
    points: z.int(),
    rebounds: z.int(),
    assists: z.int(),
    turnovers: z.int(),
    field_goals_attempted: z.int(),
    free_throws_attempted: z.int(),
  }),
  key: ["game_id", "player_id"],
});

/** Two teams of eight: fewer have never finished a game. */
const FEWEST_LINES = 16;

export const boxScoresRaw = processor("box_scores", {
  phase: "raw",
  criticality: "critical",
  needs: [gamesDaily],
  partitions: gamePartitions,
  expect: async (ctx) => ({
    min: FEWEST_LINES * (await ctx.read(games).count({ game_id: ctx.partition, status: "final" })),
  }),
  expectedBy: { days: 1, at: "05:00" },
  hardTimeout: "30s",
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  queue: statsQueue,
  output: boxScores,
  async run(ctx) {
    const score = await ctx.http(stats).json(`/box-scores/${ctx.partition}`, BoxScoreResponse);
    ctx.log.debug("box score fetched", { status: score.gameStatusText, lines: score.players.length });
    await ctx.write(
      boxScores,
      score.players.map((line) => ({
        game_id: score.gameId,
        player_id: line.personId,
        player: line.name,
        team: line.tricode,
        seconds: secondsOf(line.minutes),
        points: line.points,
        rebounds: line.reboundsTotal,
        assists: line.assists,
        turnovers: line.turnovers,
        field_goals_attempted: line.fieldGoalsAttempted,
        free_throws_attempted: line.freeThrowsAttempted,
      })),
    );
  },
});

/** "25:28" → 1528. The source sometimes rounds up to ":60". */
function secondsOf(minutes: string): number {
  const [whole = "0", seconds = "0"] = minutes.split(":");
  return Number(whole) * 60 + Number(seconds);
}
