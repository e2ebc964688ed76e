// What was recorded of 2023-24: bookmakers' lines on points, rebounds and assists, and what these came to.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCsv } from "../csv.ts";
import type { PartialLeague } from "../league.ts";
import type { PraActual, PropLine } from "../prop-line.ts";
import { once } from "./once.ts";
import { oddsRow, praRow } from "./rows.ts";

const FOLDER = "nba-props";
const LINES = ["pra_odds_2023-24_a.csv", "pra_odds_2023-24_b.csv"];
const ACTUALS = "predictions_vs_actual_2023-24.csv";
const SEASON_TYPES = ["regular", "playoffs"] as const;

/** The props in `<dir>/nba-props`: no schedule, no teams. Throws when they are not there. */
export function season2023(dir: string): PartialLeague {
  const folder = join(dir, FOLDER);
  if (!existsSync(join(folder, ACTUALS)))
    throw new Error(`there is no recorded season in ${folder}: say where the recorded data is`);
  const linesOn = once(() =>
    Map.groupBy(
      LINES.flatMap((file) => readCsv(join(folder, file), oddsRow)).map(lineOf),
      (line) => line.eventDate,
    ),
  );
  const actualsOn = once(() =>
    Map.groupBy(readCsv(join(folder, ACTUALS), praRow).map(actualOf), ({ date }) => date),
  );
  return {
    season: () => ({
      season: "2023-24",
      firstDay: "2023-10-24",
      lastDay: "2024-06-17",
      lastRegularDay: "2024-04-14",
      gamesPerTeam: 82,
    }),
    coverage: {
      propLines: { seasonTypes: SEASON_TYPES, from: "2023-10-24", to: "2024-05-19" },
      // Five earlier games of a player were needed to predict one.
      praActuals: { seasonTypes: SEASON_TYPES, from: "2023-11-02", to: "2024-06-17" },
    },
    propLines: (date) => linesOn().get(date) ?? [],
    praActuals: (date) => actualsOn().get(date) ?? [],
  };
}

function lineOf(row: ReturnType<typeof oddsRow.parse>): PropLine {
  return {
    playerName: row.player_name,
    eventId: row.event_id,
    eventDate: row.event_date,
    homeTeam: row.home_team,
    awayTeam: row.away_team,
    bookmaker: row.bookmaker,
    line: row.line,
    timestamp: row.timestamp,
    overPrice: row.over_price,
    underPrice: row.under_price,
  };
}

function actualOf(row: ReturnType<typeof praRow.parse>): PraActual {
  return {
    playerId: row.PLAYER_ID,
    name: row.PLAYER_NAME,
    gameId: row.GAME_ID,
    date: row.GAME_DATE,
    pra: row.PRA,
    predictedPra: row.predicted_PRA,
  };
}
