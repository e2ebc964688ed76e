// A simulated season's player lines in a database of their own, as the NBA example keeps them.

import { randomUUID } from "node:crypto";
import { eachDay } from "headworks-example-kit/days.ts";
import { playerGameSummaries } from "../examples/nba/processors/player-game-summaries.ts";
import type { League } from "../examples/nba/source/league.ts";
import type { RowInput } from "../headworks/src/define/dataset.ts";
import { type Database, transaction } from "../headworks/src/store/database.ts";
import { mergeRows } from "../headworks/src/store/dataset/merge.ts";
import { validateRows } from "../headworks/src/store/dataset/rows.ts";
import { applyDatasetChanges, planDatasetChanges } from "../headworks/src/store/dataset/schema.ts";
import { migrate } from "../headworks/src/store/migrate.ts";

export const NAMESPACE = "prod";

/** Makes the table and merges every day of the season into it. */
export async function keepSeason(database: Database, league: League): Promise<void> {
  await migrate(database);
  const changes = await planDatasetChanges(database, NAMESPACE, [playerGameSummaries]);
  await transaction(database, (connection) => applyDatasetChanges(connection, NAMESPACE, changes));
  const { firstDay, lastDay } = league.season();
  for (const partition of eachDay(firstDay, lastDay)) {
    const batches = [...validateRows(playerGameSummaries, linesOf(league, partition))];
    const accepted = batches.flatMap((batch) => batch.accepted);
    const run = { run: randomUUID(), processor: "bench", partition, rows: accepted, staged: 0 };
    await transaction(database, (connection) => mergeRows(connection, NAMESPACE, playerGameSummaries, [run]));
  }
  await database.query(`analyze ${NAMESPACE}.${playerGameSummaries.name}`);
}

function linesOf(league: League, day: string): RowInput<typeof playerGameSummaries>[] {
  return league.schedule(day).flatMap(({ gameId, homeTeam, awayTeam }) =>
    (league.boxScore(gameId)?.players ?? []).map((line) => ({
      game_id: gameId,
      player_id: line.personId,
      date: day,
      name: line.name,
      team: line.tricode,
      opponent: line.tricode === homeTeam ? awayTeam : homeTeam,
      is_home: line.tricode === homeTeam,
      points: line.points,
      rebounds: line.reboundsTotal,
      assists: line.assists,
      pra: line.points + line.reboundsTotal + line.assists,
      minutes: Number.parseInt(line.minutes, 10),
      true_shooting: null,
    })),
  );
}
