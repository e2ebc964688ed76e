// The recorded season of 2017-18: its schedule, as nine saved web pages.

import type { Season } from "./season.ts";

export const recorded2017: Season = {
  name: "2017-18",
  firstDay: "2017-10-17",
  lastDay: "2018-06-08",
  lastRegularDay: "2018-04-11",
  gamesPerTeam: 82,
  hasBoxScore: () => false,
  fewestLinesPerGame: 1,
  lacks: [
    "teams",
    "players",
    "rosters",
    "schedule",
    "schedule_log",
    "box_scores",
    "play_by_play",
    "prop_lines",
    "recorded_actuals",
  ],
  recheckEvery: "1s",
  giveUpAfter: "3s",
  minBackoff: "1s",
};
