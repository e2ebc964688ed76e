// What is known of the players of a day before they play: form, rest, and the defense they meet.

import { type Allowed, type DefenseLine, praAllowed, praOf } from "./defense.ts";

/** A player's line of a box score, as a row; one of no minutes is of a player who did not play. */
export interface BoxLine extends DefenseLine {
  readonly player_id: number;
  readonly minutes: number;
}

/** A game of the day. */
export interface SlateGame {
  readonly game_id: string;
  readonly home_team: string;
  readonly away_team: string;
}

/** Somebody who may play in one of them. */
export interface SlatePlayer {
  readonly player_id: number;
  readonly team: string;
  readonly position?: string | null | undefined;
}

/** All that a day's features are made from. */
export interface DaySlate {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly games: readonly SlateGame[];
  readonly players: readonly SlatePlayer[];
  /** The lines of the season, of all players, in any order; those of the day and later are left aside. */
  readonly lines: readonly BoxLine[];
}

const STATISTICS = {
  pra: praOf,
  points: ({ points }: BoxLine) => points,
  rebounds: ({ rebounds }: BoxLine) => rebounds,
  assists: ({ assists }: BoxLine) => assists,
  minutes: ({ minutes }: BoxLine) => minutes,
};
const WINDOWS = { last_5: 5, last_10: 10, season: Number.POSITIVE_INFINITY };

/** Means per game over the player's last games: `pra_last_5`, `minutes_season`; null before his first. */
export type Form = Readonly<Record<`${keyof typeof STATISTICS}_${keyof typeof WINDOWS}`, number | null>>;

/** The features of a player in a game, as a row. */
export interface FeatureRow extends Form {
  readonly player_id: number;
  readonly game_id: string;
  readonly date: string;
  /** How many games his means are of, at most. */
  readonly games_played: number;
  /** 1 at home, 0 away. */
  readonly home: 0 | 1;
  /** Full days since his last game; null before his first. */
  readonly rest_days: number | null;
  /** 1 when he played the day before. */
  readonly back_to_back: 0 | 1;
  /** What the opponent allowed so far, per game: to all players together, and to those of his position. */
  readonly opponent_pra_allowed: number | null;
  readonly opponent_pra_allowed_to_position: number | null;
}

/**
 * The features of every player of the day, in the order of games and players. One pass over the lines:
 * nothing is looked up per player. No line of the day or later has any influence.
 */
export function rollingFeatures({ day, games, players, lines }: DaySlate): FeatureRow[] {
  const earlier = lines.filter(({ date }) => date < day);
  const histories = historiesOf(earlier, new Set(players.map(({ player_id }) => player_id)));
  const allowed = praAllowed(earlier);
  const byTeam = Map.groupBy(players, ({ team }) => team);
  return games.flatMap(({ game_id, home_team, away_team }) => {
    const rowsOf = (team: string, opponent: string, home: 0 | 1): FeatureRow[] =>
      (byTeam.get(team) ?? []).map((player) => {
        const history = histories.get(player.player_id) ?? [];
        const defense = defenseFeatures(allowed.get(opponent), player.position);
        const { player_id } = player;
        return {
          player_id,
          game_id,
          date: day,
          home,
          ...restOf(history, day),
          ...formOf(history),
          ...defense,
        };
      });
    return [...rowsOf(home_team, away_team, 1), ...rowsOf(away_team, home_team, 0)];
  });
}

/** The games that each player played in, the latest first. */
function historiesOf(lines: readonly BoxLine[], players: ReadonlySet<number>): Map<number, BoxLine[]> {
  const played = lines.filter(({ player_id, minutes }) => minutes > 0 && players.has(player_id));
  const histories = Map.groupBy(played, ({ player_id }) => player_id);
  for (const history of histories.values()) history.sort(latestFirst);
  return histories;
}

function latestFirst(a: BoxLine, b: BoxLine): number {
  return compare(b.date, a.date) || compare(b.game_id, a.game_id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function formOf(history: readonly BoxLine[]): Form {
  const means: [string, number | null][] = [];
  for (const [statistic, read] of Object.entries(STATISTICS)) {
    const values = history.map(read);
    for (const [window, games] of Object.entries(WINDOWS)) {
      means.push([`${statistic}_${window}`, meanOf(values.slice(0, games))]);
    }
  }
  // The keys are those of the two tables, of which the type is made too.
  return Object.fromEntries(means) as Form;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const MS_PER_DAY = 86_400_000;

function restOf(history: readonly BoxLine[], day: string) {
  const last = history[0];
  const games_played = history.length;
  if (last === undefined) return { games_played, rest_days: null, back_to_back: 0 } as const;
  const rest_days = (Date.parse(day) - Date.parse(last.date)) / MS_PER_DAY - 1;
  return { games_played, rest_days, back_to_back: rest_days === 0 ? 1 : 0 } as const;
}

function defenseFeatures(allowed: Allowed | undefined, position: string | null | undefined) {
  return {
    opponent_pra_allowed: allowed?.toAll ?? null,
    opponent_pra_allowed_to_position: position ? (allowed?.toPosition.get(position) ?? null) : null,
  };
}
