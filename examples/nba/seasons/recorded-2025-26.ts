// The recorded season of 2025-26, play-offs included. Its schedule lacks five games, which the second one has.

import type { Season } from "./season.ts";

export const recorded2025: Season = {
  name: "2025-26",
  firstDay: "2025-10-21",
  lastDay: "2026-06-13",
  lastRegularDay: "2026-04-12",
  gamesPerTeam: 82,
  // The log was recorded in February.
  lastLogDay: "2026-02-21",
  // Box scores were recorded of the play-offs only.
  hasBoxScore: (game) => game.season_type === "playoffs",
  fewestLinesPerGame: 1,
  lacks: ["schedule_pages", "play_by_play", "prop_lines", "recorded_actuals"],
  // A file doesn't change: what falls short stays so.
  recheckEvery: "1s",
  giveUpAfter: "3s",
  minBackoff: "1s",
};
