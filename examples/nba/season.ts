// The season that the pipeline runs, and what its source has and lacks. Everything that differs between the simulated and
// the recorded source is declared here, so that no processor knows which one it talks to.

import { type Duration, daily, dynamic, single } from "headworks";

interface Season {
  name: string;
  /** The first and last day with games. */
  firstDay: string;
  lastDay: string;
  /** A rule of the league: what each team plays in a regular season. */
  gamesPerTeam: number;
  /** Whether the source has a box score of this game. */
  hasBoxScore: (game: { season_type: string }) => boolean;
  /** How soon a task looks again at a source that fell short, and how long it keeps looking. */
  recheckEvery: Duration;
  giveUpAfter: Duration;
  minBackoff: Duration;
}

const SEASONS = {
  simulated: {
    name: "2025-26",
    firstDay: "2025-10-21",
    lastDay: "2026-04-12",
    gamesPerTeam: 82,
    hasBoxScore: () => true,
    recheckEvery: "2s",
    giveUpAfter: "10m",
    minBackoff: "1s",
  },
  recorded: {
    name: "2025-26",
    firstDay: "2025-10-21",
    lastDay: "2026-06-13",
    gamesPerTeam: 82,
    // Box scores were recorded of the play-offs only.
    hasBoxScore: (game) => game.season_type === "playoffs",
    recheckEvery: "1s",
    giveUpAfter: "3s",
    minBackoff: "1s",
  },
} satisfies Record<string, Season>;

/** `NBA_SOURCE` chooses: `simulated` (the default) or `recorded`. */
export const season: Season = SEASONS[process.env.NBA_SOURCE === "recorded" ? "recorded" : "simulated"];

/** A day of the league begins and ends in New York. */
export const days = daily({ timezone: "America/New_York", start: season.firstDay, end: season.lastDay });

/** Games are found out day by day, from the schedule. */
export const gamePartitions = dynamic("games", { within: days });

/** Teams are found out once, from the list of teams. */
export const teamPartitions = dynamic("teams", { within: single() });
