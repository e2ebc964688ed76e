// All routes of the source.

import type { Route } from "../routing.ts";
import { boxScores } from "./box-scores.ts";
import { capabilities } from "./capabilities.ts";
import { gamesLog } from "./games-log.ts";
import { injuries } from "./injuries.ts";
import { playByPlay } from "./play-by-play.ts";
import { players } from "./players.ts";
import { praActuals } from "./pra-actuals.ts";
import { propLines } from "./prop-lines.ts";
import { rosters } from "./rosters.ts";
import { schedule } from "./schedule.ts";
import { schedulePages } from "./schedule-pages.ts";
import { season } from "./season.ts";
import { teams } from "./teams.ts";

const resources: readonly Route[] = [
  season,
  teams,
  players,
  rosters,
  injuries,
  schedule,
  gamesLog,
  boxScores,
  playByPlay,
  propLines,
  praActuals,
  schedulePages,
];

export const ROUTES: readonly Route[] = [capabilities(resources), ...resources];
