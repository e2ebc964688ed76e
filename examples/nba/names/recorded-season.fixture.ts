// The recorded lines and statistics of 2023-24, and a roster of that season worked out from both.

import { join, resolve } from "node:path";
import { addDays } from "headworks-example-kit/days.ts";
import { z } from "zod";
import { readCsv } from "../source/csv.ts";
import type { RosterRow } from "./roster.ts";
import { staysOf } from "./stays.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const DATA = process.env.HEADWORKS_RECORDED_DATA ?? resolve(ROOT, "../shared/data");
const FOLDER = join(DATA, "nba-props");

const price = z.union([z.literal("").transform(() => null), z.coerce.number()]);

const lineRow = z.object({
  player_name: z.string(),
  event_id: z.string(),
  event_date: z.iso.date(),
  home_team: z.string(),
  away_team: z.string(),
  bookmaker: z.string(),
  line: z.coerce.number(),
  timestamp: z.string(),
  over_price: price,
  under_price: price,
});
export type RecordedLine = z.infer<typeof lineRow>;

const predictionRow = z.object({
  PLAYER_NAME: z.string(),
  PLAYER_ID: z.coerce.number().int(),
  GAME_ID: z.string(),
  GAME_DATE: z.iso.date(),
  PRA: z.coerce.number(),
  predicted_PRA: z.coerce.number(),
});
export type RecordedPrediction = z.infer<typeof predictionRow>;

/** All 29,592 lines. */
export function recordedLines(): RecordedLine[] {
  return ["a", "b"].flatMap((half) => readCsv(join(FOLDER, `pra_odds_2023-24_${half}.csv`), lineRow));
}

/** All 25,307 predictions, with what came of them. */
export function recordedPredictions(): RecordedPrediction[] {
  return readCsv(join(FOLDER, "predictions_vs_actual_2023-24.csv"), predictionRow);
}

/**
 * The players of the predictions, with their teams where the events tell: an event and a game on the same
 * or a neighboring day are the same when more than half of the event's names are in the game.
 */
export function recordedRoster(
  lines: readonly RecordedLine[],
  predictions: readonly RecordedPrediction[],
): RosterRow[] {
  const teamsOf = teamsByGame(lines, predictions);
  const stays = staysOf(
    predictions.flatMap(({ PLAYER_ID, PLAYER_NAME, GAME_ID, GAME_DATE }) => {
      const teams = teamsOf.get(GAME_ID);
      return teams ? [{ playerId: PLAYER_ID, name: PLAYER_NAME, date: GAME_DATE, teams }] : [];
    }),
  );
  const placed = new Set(stays.map(({ playerId }) => playerId));
  const names = new Map(predictions.map(({ PLAYER_ID, PLAYER_NAME }) => [PLAYER_ID, PLAYER_NAME]));
  const others = [...names].filter(([playerId]) => !placed.has(playerId));
  return [...stays, ...others.map(([playerId, name]) => ({ playerId, name }))];
}

function teamsByGame(
  lines: readonly RecordedLine[],
  predictions: readonly RecordedPrediction[],
): Map<string, readonly string[]> {
  const events = Map.groupBy(lines, ({ event_id }) => event_id);
  const gamesByDay = Map.groupBy(predictions, ({ GAME_DATE }) => GAME_DATE);
  const teams = new Map<string, readonly string[]>();
  for (const [first, ...more] of events.values()) {
    if (first === undefined) continue;
    const named = new Set([first, ...more].map(({ player_name }) => player_name));
    const days = [-1, 0, 1].map((shift) => addDays(first.event_date, shift));
    const inCommon = days
      .flatMap((day) => gamesByDay.get(day) ?? [])
      .filter(({ PLAYER_NAME }) => named.has(PLAYER_NAME));
    // The teams play on neighboring days too, so only the game with the most names in common is the event's.
    const games = [...Map.groupBy(inCommon, ({ GAME_ID }) => GAME_ID)];
    const [best] = games.toSorted(([, a], [, b]) => b.length - a.length);
    if (best && best[1].length > named.size / 2) teams.set(best[0], [first.home_team, first.away_team]);
  }
  return teams;
}
