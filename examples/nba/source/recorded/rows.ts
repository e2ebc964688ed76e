// The columns that are used of the recorded CSV files.

import { isDay } from "headworks-example-kit/days.ts";
import { z } from "zod";

const day = z.string().refine(isDay, "not a day");
const tricode = z.string().length(3);
const whole = z.coerce.number().int();

/** `games.csv` and `po_games.csv`. */
export const gameRow = z.object({
  GAME_ID: z.string().regex(/^\d{10}$/),
  GAME_DATE: day,
  HOME_TEAM: tricode,
  AWAY_TEAM: tricode,
  HOME_PTS: whole,
  AWAY_PTS: whole,
});

/** `standings.csv`. */
export const standingsRow = z.object({
  TEAM_ID: whole,
  TEAM_NAME: z.string(),
  TEAM_ABBREVIATION: z.string(),
  CONFERENCE: z.enum(["East", "West"]),
  WINS: whole,
  LOSSES: whole,
});

/** `player_totals.csv`. */
export const playerTotalsRow = z.object({ PLAYER_ID: whole, TEAM_ID: whole, TEAM_ABBREVIATION: tricode });

/** `player_profiles.csv`: the weight of some and the jersey of many are missing. */
export const playerProfileRow = z.object({
  PLAYER_ID: whole,
  PLAYER_NAME: z.string().min(1),
  BIRTHDATE: z.string().transform((instant) => instant.slice(0, 10)),
  HEIGHT: z.string(),
  WEIGHT: z.union([z.literal("").transform(() => undefined), whole]),
  POSITION: z.string(),
  JERSEY: z.string(),
  COUNTRY: z.string(),
});

const price = z.union([z.literal("").transform(() => null), whole]);

/** `pra_odds_2023-24_*.csv`: prices are written as `-115.0`, and a few are missing. */
export const oddsRow = z.object({
  player_name: z.string().min(1),
  event_id: z.string().regex(/^[0-9a-f]{32}$/),
  event_date: day,
  home_team: z.string().min(1),
  away_team: z.string().min(1),
  bookmaker: z.string().min(1),
  line: z.coerce.number().positive(),
  timestamp: z.iso.datetime(),
  over_price: price,
  under_price: price,
});

/** `predictions_vs_actual_2023-24.csv`: ids of games lack their leading zeros. */
export const praRow = z.object({
  PLAYER_NAME: z.string().min(1),
  PLAYER_ID: whole,
  GAME_ID: z.string().transform((id) => id.padStart(10, "0")),
  GAME_DATE: day,
  PRA: whole.nonnegative(),
  predicted_PRA: z.coerce.number(),
});
