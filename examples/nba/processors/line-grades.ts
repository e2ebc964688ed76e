// What came of every bookmaker's line of a day: over, under, or void, and whether the side that our prediction was on won.

import { dataset, need, noData, optional, processor, trailing } from "headworks";
import { addDays } from "headworks-example-kit/days.ts";
import { z } from "zod";
import { gamesOfEvents } from "../model/event-games.ts";
import { gradeLines } from "../model/grading-lines.ts";
import { days, season } from "../season.ts";
import { actuals, actualsDaily } from "./actuals.ts";
import { nameMatches, nameMatchesDaily } from "./name-matches.ts";
import { praPredictions, praPredictionsDaily } from "./pra-predictions.ts";
import { propLines, propLinesDaily } from "./prop-lines.ts";
import { recordedPredictionsDaily } from "./recorded-predictions.ts";

/** Some bookmakers date an event by the clock of another zone: it may have been the day before. */
const EITHER_DAY = { partitions: trailing(2) };

export const lineGrades = dataset("line_grades", {
  schema: z.object({
    date: z.iso.date(),
    event_id: z.string(),
    bookmaker: z.string(),
    player_name: z.string(),
    player_id: z.int(),
    /** Null when no game is known that most of the event's players were in. */
    game_id: z.string().nullable(),
    line: z.number(),
    /** American odds. */
    over_price: z.number().nullable(),
    under_price: z.number().nullable(),
    predicted: z.number().nullable(),
    /** Null for a player who did not play. */
    actual: z.int().nullable(),
    /** `void`: he did not play, and stakes are given back, as with a `push`. */
    result: z.enum(["over", "under", "push", "void"]),
    /** Whether he ended on our prediction's side of the line; null without a prediction, a side or a winner. */
    hit: z.boolean().nullable(),
  }),
  key: ["date", "event_id", "bookmaker", "player_name"],
});

export const lineGradesDaily = processor("line_grades", {
  phase: "predictions",
  criticality: "normal",
  needs: [
    nameMatchesDaily,
    propLinesDaily,
    need(actualsDaily, EITHER_DAY),
    optional(need(praPredictionsDaily, EITHER_DAY)),
    optional(need(recordedPredictionsDaily, EITHER_DAY)),
  ],
  partitions: days,
  // Every line whose player is known has its row.
  expect: async (ctx) => {
    const matched = await ctx.read(nameMatches).count({ date: ctx.partition });
    return { min: matched, max: matched };
  },
  expectedBy: { days: 1, at: "08:00" },
  recheckEvery: season.recheckEvery,
  giveUpAfter: season.giveUpAfter,
  output: lineGrades,
  async run(ctx) {
    const day = { date: ctx.partition };
    const matches = await ctx.read(nameMatches).rows(day);
    if (matches.length === 0) return noData("no lines that day");
    const eitherDay = { date: { gte: addDays(ctx.partition, -1), lte: ctx.partition } };
    const results = await ctx.read(actuals).rows(eitherDay);
    const predictions = ctx.has(praPredictions) ? await ctx.read(praPredictions).rows(eitherDay) : [];
    const lines = await ctx.read(propLines).rows(day);
    const offers = new Map(lines.map((line) => [lineKey(line), line]));
    const reached = new Map(results.map((row) => [playerKey(row), row.pra]));
    const guessed = new Map(predictions.map((row) => [playerKey(row), row.predicted]));
    const games = gamesOfEvents(matches, results);

    const rows = matches.flatMap(({ score: _, method: __, ...match }) => {
      const offer = offers.get(lineKey(match));
      if (offer === undefined) return [];
      const { line, over_price, under_price } = offer;
      const game_id = games.get(match.event_id) ?? null;
      const player = playerKey({ player_id: match.player_id, game_id });
      const outcome = outcomeOf(line, reached.get(player) ?? null, guessed.get(player) ?? null);
      return { ...match, game_id, line, over_price, under_price, ...outcome };
    });
    await ctx.write(lineGrades, rows);
    const graded = gradeLines(
      rows.map(({ over_price: overPrice, under_price: underPrice, ...row }) => ({
        ...row,
        overPrice,
        underPrice,
      })),
    );
    for (const { bookmaker, graded: count, hitRate } of graded) {
      ctx.metric("lines.graded", count, { bookmaker });
      if (hitRate !== null) ctx.metric("lines.hit_rate", hitRate, { bookmaker });
    }
    return undefined;
  },
});

function lineKey(line: { event_id: string; bookmaker: string; player_name: string }): string {
  return [line.event_id, line.bookmaker, line.player_name].join("\n");
}

function playerKey({ player_id, game_id }: { player_id: number; game_id: string | null }): string {
  return `${player_id} ${game_id}`;
}

function outcomeOf(line: number, actual: number | null, predicted: number | null) {
  const result = actual === null ? "void" : sideOf(actual, line);
  const pick = predicted === null ? "push" : sideOf(predicted, line);
  const isDecided = pick !== "push" && (result === "over" || result === "under");
  return { predicted, actual, result, hit: isDecided ? pick === result : null } as const;
}

function sideOf(value: number, line: number): "over" | "under" | "push" {
  if (value === line) return "push";
  return value > line ? "over" : "under";
}
