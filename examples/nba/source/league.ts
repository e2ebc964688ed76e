// What the source serves, whoever made it: one league, whether simulated from a seed or recorded.

import type { BoxScore } from "./box-score.ts";

export interface Season {
  /** As in `2025-26`. */
  readonly season: string;
  readonly firstDay: string;
  /** The last day with a game of any kind, play-offs included where the league has them. */
  readonly lastDay: string;
  /** The last day of the regular season. */
  readonly lastRegularDay: string;
  readonly gamesPerTeam: number;
}

export interface Team {
  readonly teamId: number;
  readonly tricode: string;
  readonly name: string;
  readonly conference: "East" | "West";
}

export interface Player {
  readonly playerId: number;
  readonly name: string;
  readonly teamId: number;
  /** `Guard`, `Forward`, `Center`, or two of them with a hyphen, the first being the main one. */
  readonly position: string;
  /** Feet and inches: `6-9`. */
  readonly height?: string;
  /** Pounds. */
  readonly weight?: number;
  readonly birthdate?: string;
  readonly jersey?: string;
  readonly country?: string;
}

export interface Game {
  readonly gameId: string;
  /** The day of the game in the league's own time zone (US Eastern), which is not always that of `startsAtUtc`. */
  readonly date: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
  readonly status: "final" | "scheduled" | "postponed";
  /** Null until the game is final. */
  readonly homePoints: number | null;
  readonly awayPoints: number | null;
  readonly seasonType: "regular" | "playoffs";
  readonly startsAtUtc?: string;
  /** The day on which the game was first to be played, when it was moved to this one. */
  readonly postponedFrom?: string;
}

/** A league as its server sees it. Answers never depend on the order in which they are asked for. */
export interface League {
  season(): Season;
  teams(): readonly Team[];
  /** Players with their teams at the end of that day where that is known, otherwise at the end of the season. */
  players(on?: string): readonly Player[];
  /** The games listed for a day, always in the same order; a postponed game is listed on both its days. */
  schedule(date: string): readonly Game[];
  /** The game as it was (or will be) played; undefined when there is no such game. */
  findGame(gameId: string): Game | undefined;
  /** Undefined when the game is unknown, is not over, or has no box score. */
  boxScore(gameId: string): BoxScore | undefined;
}
