// The simulated season of 2025-26: 1,230 games, and all that is known of them.

import type { Season } from "./season.ts";

export const simulated2025: Season = {
  name: "2025-26",
  firstDay: "2025-10-21",
  lastDay: "2026-04-12",
  lastRegularDay: "2026-04-12",
  gamesPerTeam: 82,
  hasBoxScore: () => true,
  // Nine bookmakers, some ten players a game: days have between 64 and 99 for each.
  fewestLinesPerGame: 50,
  lacks: ["schedule_pages", "recorded_actuals"],
  recheckEvery: "2s",
  giveUpAfter: "10m",
  minBackoff: "1s",
};
