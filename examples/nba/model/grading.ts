// Grades predictions against what came of them, and against the simplest guess, the player's season average.

import { errorOf, type ModelError } from "./linear-model.ts";

/** A prediction of a player's PRA in a game. */
export interface Prediction {
  readonly predicted: number;
  /** His mean before the game; null before his first one. */
  readonly seasonAverage: number | null;
  /** What he reached; null when he did not play or nobody knows yet. */
  readonly actual: number | null;
}

/**
 * What became of the predictions: predictions = graded + withoutActual, and graded = compared + withoutAverage.
 * Errors are null when there is nothing to take them from.
 */
export interface PredictionGrade {
  readonly predictions: number;
  readonly graded: number;
  readonly withoutActual: number;
  readonly error: ModelError | null;
  /** Those with an average: model and average on the same games. */
  readonly compared: number;
  readonly withoutAverage: number;
  readonly modelError: ModelError | null;
  readonly averageError: ModelError | null;
  /** By how much of the average's mean absolute error the model's is smaller; negative when it is larger. */
  readonly improvement: number | null;
}

/** Grades predictions. Ungraded ones are counted, never dropped. */
export function gradePredictions(predictions: readonly Prediction[]): PredictionGrade {
  const graded = predictions.flatMap(({ actual, ...rest }) => (actual === null ? [] : [{ ...rest, actual }]));
  const compared = graded.flatMap(({ seasonAverage, ...rest }) =>
    seasonAverage === null ? [] : [{ ...rest, seasonAverage }],
  );
  const modelError = errorOrNull(compared);
  const averageError = errorOrNull(
    compared.map(({ seasonAverage, actual }) => ({ predicted: seasonAverage, actual })),
  );
  return {
    predictions: predictions.length,
    graded: graded.length,
    withoutActual: predictions.length - graded.length,
    error: errorOrNull(graded),
    compared: compared.length,
    withoutAverage: graded.length - compared.length,
    modelError,
    averageError,
    improvement: modelError && averageError?.mae ? 1 - modelError.mae / averageError.mae : null,
  };
}

function errorOrNull(pairs: readonly { predicted: number; actual: number }[]): ModelError | null {
  return pairs.length === 0 ? null : errorOf(pairs);
}
