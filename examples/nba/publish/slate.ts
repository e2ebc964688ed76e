// The slate of a day: its games, what is predicted of who plays in them, and what bookmakers offer on him.

import { gamesOfEvents } from "../model/event-games.ts";
import { rounded } from "./envelope.ts";
import type { Columns } from "./parquet.ts";

export interface SlateInput {
  day: string;
  /** Undefined where the season has no schedule: then the games are those of the predictions. */
  games: readonly { game_id: string; home_team: string; away_team: string }[] | undefined;
  predictions: readonly (Prediction & { game_id: string; date: string })[];
  /** The lines whose player is known. */
  offers: readonly (Offer & { player_id: number; event_id: string; home_team: string; away_team: string })[];
  names: ReadonlyMap<number, string>;
}

interface Prediction {
  player_id: number;
  predicted: number;
  baseline: number | null;
}

export interface Offer {
  bookmaker: string;
  line: number;
  /** American odds. */
  over_price: number | null;
  under_price: number | null;
}

/** What is predicted of a player's points, rebounds and assists, and the simplest guess, his average so far. */
export interface SlatePlayer extends Prediction {
  name: string | null;
  lines: Offer[];
}

export interface SlateGame {
  game_id: string;
  home_team: string | null;
  away_team: string | null;
  players: SlatePlayer[];
}

/** The games of the day with their players, the highest predictions first. */
export function slateOf({ games, predictions, offers, names }: SlateInput): SlateGame[] {
  const gameOf = gamesOfEvents(offers, predictions);
  const offersOn = Map.groupBy(
    offers,
    ({ player_id, event_id }) => `${player_id} ${gameOf.get(event_id) ?? ""}`,
  );
  const playersIn = Map.groupBy(predictions, ({ game_id }) => game_id);
  const titles = new Map(offers.map((offer) => [gameOf.get(offer.event_id) ?? "", offer]));
  const listed =
    games ?? [...playersIn.keys()].sort().map((game_id) => ({ game_id, ...titles.get(game_id) }));
  return listed.map(({ game_id, home_team = null, away_team = null }) => ({
    ...{ game_id, home_team, away_team },
    players: (playersIn.get(game_id) ?? [])
      .map(({ player_id, predicted, baseline }) => ({
        player_id,
        name: names.get(player_id) ?? null,
        predicted: rounded(predicted),
        baseline: rounded(baseline),
        lines: (offersOn.get(`${player_id} ${game_id}`) ?? []).map(offerOf).sort(byBookmaker),
      }))
      .sort((a, b) => b.predicted - a.predicted || a.player_id - b.player_id),
  }));
}

/** A row for each player and line; one without a line for a player on whom nothing is offered. */
export interface SlateRow extends Omit<SlatePlayer, "lines"> {
  date: string;
  game_id: string;
  bookmaker: string | null;
  line: number | null;
  over_price: number | null;
  under_price: number | null;
}

export const slateColumns: Columns<SlateRow> = {
  date: "STRING",
  game_id: "STRING",
  player_id: "INT32",
  name: "STRING",
  predicted: "DOUBLE",
  baseline: "DOUBLE",
  bookmaker: "STRING",
  line: "DOUBLE",
  over_price: "INT32",
  under_price: "INT32",
};

const NO_OFFER = { bookmaker: null, line: null, over_price: null, under_price: null };

/** The slate as a table. */
export function slateRows(date: string, games: readonly SlateGame[]): SlateRow[] {
  return games.flatMap(({ game_id, players }) =>
    players.flatMap(({ lines, ...player }) =>
      (lines.length === 0 ? [NO_OFFER] : lines).map((offer) => ({ date, game_id, ...player, ...offer })),
    ),
  );
}

/** Why there is no slate; undefined when there is one. */
export function slateHalt(
  { games, predictions }: Pick<SlateInput, "games" | "predictions">,
  can: { predict: boolean; trust: boolean },
): string | undefined {
  if (predictions.length > 0) return undefined;
  if (games?.length === 0) return "no games are scheduled";
  if (!can.predict) return "nothing is predicted of this season: its source has no box scores";
  if (!can.trust) return "the predictions are not there: they, or what they are made from, failed";
  if (games === undefined) return "nothing was recorded of this day";
  return "nothing is predicted yet: too few games have a box score";
}

function offerOf({ bookmaker, line, over_price, under_price }: Offer): Offer {
  return { bookmaker, line, over_price, under_price };
}

function byBookmaker(a: Offer, b: Offer): number {
  return a.bookmaker < b.bookmaker ? -1 : Number(a.bookmaker > b.bookmaker);
}
