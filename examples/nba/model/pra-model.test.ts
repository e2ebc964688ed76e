import { expect, it } from "vitest";
import { FEWEST_GAMES, isPredictable, MODEL_FEATURES } from "./pra-model.ts";

const known = { games_played: FEWEST_GAMES, ...Object.fromEntries(MODEL_FEATURES.map((name) => [name, 1])) };

it("can predict for a player of whom everything is known", () => {
  expect(isPredictable(known)).toBe(true);
  expect(isPredictable({ ...known, home: 0, rest_days: 0 })).toBe(true);
});

it("can't after too few games, or with a feature that nobody knows", () => {
  expect(isPredictable({ ...known, games_played: FEWEST_GAMES - 1 })).toBe(false);
  expect(isPredictable({ ...known, opponent_pra_allowed: null })).toBe(false);
});
