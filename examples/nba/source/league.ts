// What the source serves, whoever made it: one league, whether simulated from a seed or recorded.

import type { DayRange } from "headworks-example-kit/days.ts";
import type { BoxScore } from "./box-score.ts";
import type { GameLogLine } from "./game-log.ts";
import type { GameSummary } from "./game-summary.ts";
import type { PraActual, PropLine } from "./prop-line.ts";

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

/** The players of all teams. */
export interface Rosters {
  /** The day whose teams these are: the one asked for where that is known, else the end of the regular season. */
  readonly teamsAsOf: string;
  readonly players: readonly RosterPlayer[];
}

export interface RosterPlayer extends Pick<Player, "playerId" | "name" | "teamId" | "position" | "jersey"> {
  readonly tricode: string;
  /** The day since when he plays for this team, where that is known: the first of the season, or that of a trade. */
  readonly since?: string;
}

/** Somebody who is hurt, and does not play that day. */
export interface InjuredPlayer extends Pick<Player, "playerId" | "name" | "teamId"> {
  readonly tricode: string;
  readonly status: "out";
  /** As in `left ankle sprain`. */
  readonly injury: string;
  readonly since: string;
  /** In what time he is expected back. */
  readonly outlook: "days" | "weeks" | "months";
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
  readonly seasonType: SeasonType;
  readonly startsAtUtc?: string;
  /** The day on which the game was first to be played, when it was moved to this one. */
  readonly postponedFrom?: string;
}

export type SeasonType = "regular" | "playoffs";

/** What is known of a resource's limits: of which kinds of games it is offered, and for which days. */
export interface Coverage extends Partial<DayRange> {
  readonly seasonTypes?: readonly SeasonType[];
}

/**
 * What a source knows of a league: a part that is not there is not offered.
 * Answers never depend on the order in which they are asked for.
 */
export interface PartialLeague {
  season(): Season;
  /** The limits of the parts that are there; a part without an entry has none. */
  readonly coverage: Readonly<Partial<Record<Part, Coverage>>>;
  teams?(): readonly Team[];
  /** Players with their teams at the end of that day where that is known, otherwise at the end of the season. */
  players?(on?: string): readonly Player[];
  /** The games listed for a day, always in the same order; a postponed game is listed on both its days. */
  schedule?(date: string): readonly Game[];
  /** The game as it was (or will be) played; undefined when there is no such game. */
  findGame?(gameId: string): Game | undefined;
  /** Undefined when the game is unknown, is not over, or has no box score. */
  boxScore?(gameId: string): BoxScore | undefined;
  rosters?(date: string): Rosters;
  injuries?(date: string): readonly InjuredPlayer[];
  /** Two lines for each game that was played on these days, in order of day. */
  gameLog?(days: DayRange): readonly GameLogLine[];
  /** Undefined when the game is unknown or is not over. */
  summary?(gameId: string): GameSummary | undefined;
  /** What the bookmakers offered for the games of a day, in no order, and not without duplicates. */
  propLines?(date: string): readonly PropLine[];
  praActuals?(date: string): readonly PraActual[];
  /** The page of a month, as in (2018, "january"), of the season that ends in that year. */
  schedulePage?(year: string, month: string): SavedPage;
}

/** A page as it was saved. */
export interface SavedPage {
  readonly status: 200 | 404;
  readonly html: string;
}

/** What a source can offer or lack. */
export type Part = Exclude<keyof PartialLeague, "coverage">;

/** A league with all that is needed to follow a season: its teams, players, games and box scores. */
export type League = PartialLeague &
  Required<Pick<PartialLeague, "teams" | "players" | "schedule" | "findGame" | "boxScore">>;
