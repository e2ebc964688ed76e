// The NBA pipeline: what exists, what was played, what it comes to, what is to come, and what is published of it.

import { pipeline, without } from "headworks";
import { actualsDaily } from "./processors/actuals.ts";
import { boxScoresRaw } from "./processors/box-scores.ts";
import { featuresDaily } from "./processors/features.ts";
import { funnelDaily } from "./processors/funnel.ts";
import { gamesDaily } from "./processors/games.ts";
import { gradingRecordSeason } from "./processors/grading-record.ts";
import { lineGradesDaily } from "./processors/line-grades.ts";
import { modelFitsWeekly } from "./processors/model-fits.ts";
import { nameMatchesDaily } from "./processors/name-matches.ts";
import { playByPlayRaw } from "./processors/play-by-play.ts";
import { playerGameSummariesDaily } from "./processors/player-game-summaries.ts";
import { playerPagesSeason } from "./processors/player-pages.ts";
import { playersReference } from "./processors/players.ts";
import { praPredictionsDaily } from "./processors/pra-predictions.ts";
import { predictionGradesDaily } from "./processors/prediction-grades.ts";
import { propLinesDaily } from "./processors/prop-lines.ts";
import { recordedActualsDaily } from "./processors/recorded-actuals.ts";
import { recordedPlayersReference } from "./processors/recorded-players.ts";
import { recordedPredictionsDaily } from "./processors/recorded-predictions.ts";
import { rostersDaily } from "./processors/rosters.ts";
import { schedule } from "./processors/schedule.ts";
import { scheduleDifferencesDaily } from "./processors/schedule-differences.ts";
import { scheduleLog } from "./processors/schedule-log.ts";
import { schedulePages } from "./processors/schedule-pages.ts";
import { slateDaily } from "./processors/slate.ts";
import { standingsDaily } from "./processors/standings.ts";
import { standingsPage } from "./processors/standings-page.ts";
import { teamGameSummariesDaily } from "./processors/team-game-summaries.ts";
import { teamSeasonsTotals } from "./processors/team-seasons.ts";
import { teamsReference } from "./processors/teams.ts";
import { season } from "./season.ts";

const processors = [
  teamsReference,
  playersReference,
  rostersDaily,
  schedule,
  scheduleLog,
  schedulePages,
  scheduleDifferencesDaily,
  gamesDaily,
  boxScoresRaw,
  playByPlayRaw,
  propLinesDaily,
  recordedActualsDaily,
  playerGameSummariesDaily,
  teamGameSummariesDaily,
  actualsDaily,
  recordedPlayersReference,
  nameMatchesDaily,
  featuresDaily,
  modelFitsWeekly,
  praPredictionsDaily,
  recordedPredictionsDaily,
  predictionGradesDaily,
  lineGradesDaily,
  standingsDaily,
  teamSeasonsTotals,
  standingsPage,
  slateDaily,
  playerPagesSeason,
  gradingRecordSeason,
  funnelDaily,
];

/** What the season's source lacks is left out, with all that requires it. */
export default pipeline("nba", {
  phases: ["reference", "raw", "analytics", "precompute", "predictions", "publish"],
  processors: without(processors, season.lacks),
});
