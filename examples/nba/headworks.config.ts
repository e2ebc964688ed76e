// The NBA pipeline: what exists, what was played, what it comes to, and what is published of it.

import { pipeline } from "headworks";
import { boxScoresRaw } from "./processors/box-scores.ts";
import { playerGameSummariesDaily } from "./processors/player-game-summaries.ts";
import { playersReference } from "./processors/players.ts";
import { schedule } from "./processors/schedule.ts";
import { standingsDaily } from "./processors/standings.ts";
import { standingsPage } from "./processors/standings-page.ts";
import { teamSeasonsTotals } from "./processors/team-seasons.ts";
import { teamsReference } from "./processors/teams.ts";

export default pipeline("nba", {
  phases: ["reference", "raw", "analytics", "publish"],
  processors: [
    teamsReference,
    playersReference,
    schedule,
    boxScoresRaw,
    playerGameSummariesDaily,
    standingsDaily,
    teamSeasonsTotals,
    standingsPage,
  ],
});
