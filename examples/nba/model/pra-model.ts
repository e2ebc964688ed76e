// The model of a player's points, rebounds and assists (PRA): what it looks at, and when there is enough to fit it on.

/** What a prediction is made from, in the order of its coefficients. */
export const MODEL_FEATURES = [
  "pra_last_5",
  "pra_last_10",
  "pra_season",
  "minutes_last_5",
  "minutes_season",
  "home",
  "rest_days",
  "back_to_back",
  "opponent_pra_allowed",
] as const;

/** Penalties to choose from. */
export const LAMBDAS = [1, 10, 100, 1_000, 10_000] as const;

/** Before so many games a player's means say too little, for the model as for its predictions. */
export const FEWEST_GAMES = 3;

/** With fewer earlier rows than these there is no model yet. */
export const FEWEST_ROWS = 500;

/** Whether all the model's features of a row are known. */
export function isPredictable(row: { games_played: number } & Partial<Record<ModelFeature, number | null>>) {
  return row.games_played >= FEWEST_GAMES && MODEL_FEATURES.every((feature) => row[feature] != null);
}

type ModelFeature = (typeof MODEL_FEATURES)[number];
