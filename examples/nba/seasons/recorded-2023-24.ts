// The recorded season of 2023-24: what bookmakers offered on its players, and what it came to; no games.

import type { Season } from "./season.ts";

export const recorded2023: Season = {
  name: "2023-24",
  firstDay: "2023-10-24",
  lastDay: "2024-06-17",
  lastRegularDay: "2024-04-14",
  gamesPerTeam: 82,
  hasBoxScore: () => false,
  fewestLinesPerGame: 1,
  lacks: [
    "teams",
    "players",
    "rosters",
    "schedule",
    "schedule_log",
    "schedule_pages",
    "box_scores",
    "play_by_play",
  ],
  recheckEvery: "1s",
  giveUpAfter: "3s",
  minBackoff: "1s",
};
