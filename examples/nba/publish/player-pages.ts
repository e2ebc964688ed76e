// The page of each player: how he has played, and how well that was predicted.

import { gradePredictions } from "../model/grading.ts";
import { rounded } from "./envelope.ts";

export interface Played {
  player_id: number;
  game_id: string;
  date: string;
  name: string;
  team: string | null;
  pra: number;
}

export interface Predicted {
  player_id: number;
  game_id: string;
  predicted: number;
  baseline: number | null;
}

export interface PlayerPage {
  player_id: number;
  name: string;
  /** For whom he played last; null where the source doesn't say. */
  team: string | null;
  games: number;
  /** Points, rebounds and assists per game. */
  means: { last5: number; last10: number; season: number };
  /** The mean absolute errors of what was predicted and of his average; null before the first prediction. */
  record: { graded: number; mae: number | null; baselineMae: number | null };
  /** The latest game first. */
  log: { date: string; game_id: string; pra: number; predicted: number | null; baseline: number | null }[];
}

/** A page for everybody who has played, in order of id. One pass over all rows, whatever the number of players. */
export function playerPages(played: readonly Played[], predicted: readonly Predicted[]): PlayerPage[] {
  const predictions = new Map(predicted.map((row) => [`${row.player_id} ${row.game_id}`, row]));
  return [...Map.groupBy(played, ({ player_id }) => player_id)]
    .sort(([a], [b]) => a - b)
    .map(([player_id, games]) => pageOf(player_id, games.toSorted(latestFirst), predictions));
}

function pageOf(
  player_id: number,
  games: readonly Played[],
  predictions: ReadonlyMap<string, Predicted>,
): PlayerPage {
  const rows = games.map((game) => ({ game, guess: predictions.get(`${player_id} ${game.game_id}`) }));
  const { modelError, averageError, graded } = gradePredictions(
    rows.flatMap(({ game, guess }) =>
      guess ? { predicted: guess.predicted, seasonAverage: guess.baseline, actual: game.pra } : [],
    ),
  );
  const pras = games.map(({ pra }) => pra);
  return {
    player_id,
    name: games[0]?.name ?? "",
    team: games[0]?.team ?? null,
    games: games.length,
    means: { last5: mean(pras.slice(0, 5)), last10: mean(pras.slice(0, 10)), season: mean(pras) },
    record: {
      graded,
      mae: rounded(modelError?.mae ?? null),
      baselineMae: rounded(averageError?.mae ?? null),
    },
    log: rows.map(({ game: { date, game_id, pra }, guess }) => ({
      ...{ date, game_id, pra },
      predicted: rounded(guess?.predicted ?? null),
      baseline: rounded(guess?.baseline ?? null),
    })),
  };
}

function latestFirst(a: Played, b: Played): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return a.game_id < b.game_id ? 1 : -1;
}

function mean(values: readonly number[]): number {
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}
