// What a season is to the pipeline: its days, its rules, and what its source has and lacks. All that differs between one
// source and another is declared here, so that no processor knows which one it talks to.

import type { Duration } from "headworks";

/** The processors that a source can lack the data of. */
export type Lackable =
  | "teams"
  | "players"
  | "rosters"
  | "schedule"
  | "schedule_log"
  | "schedule_pages"
  | "box_scores"
  | "play_by_play"
  | "prop_lines"
  | "recorded_actuals"
  | "team_seasons";

export interface Season {
  /** As in `2025-26`. */
  name: string;
  /** The first and last day with games. */
  firstDay: string;
  lastDay: string;
  /** The last day of the regular season. */
  lastRegularDay: string;
  /** A rule of the league: what each team plays in a regular season. */
  gamesPerTeam: number;
  /** The last day that the second schedule knows of; left out when it knows them all. */
  lastLogDay?: string;
  /** Whether the source has a box score of this game. */
  hasBoxScore: (game: { season_type: string }) => boolean;
  /** The fewest lines that bookmakers have ever offered, for each game of a day: fewer are only a part of them. */
  fewestLinesPerGame: number;
  /** The processors that can't run on this source; what requires them is left out with them. */
  lacks: readonly Lackable[];
  /** How soon a task looks again at a source that fell short, and how long it keeps looking. */
  recheckEvery: Duration;
  giveUpAfter: Duration;
  minBackoff: Duration;
}

/** The same season up to a day. A part of a season can't have all its games: what counts them is left out. */
export function upTo(lastDay: string | undefined, season: Season): Season {
  if (lastDay === undefined || lastDay >= season.lastDay) return season;
  return { ...season, lastDay, lacks: [...season.lacks, "team_seasons"] };
}
