// A day of the NBA example needs the history of 450 players: one query for all of them, beside one query for each.

import { cpus } from "node:os";
import { playerGameSummaries } from "../examples/nba/processors/player-game-summaries.ts";
import { simulateLeague } from "../examples/nba/source/simulated/simulate-league.ts";
import type { RowOf } from "../headworks/src/define/dataset.ts";
import { type Database, openDatabase } from "../headworks/src/store/database.ts";
import { createReader } from "../headworks/src/store/dataset/read.ts";
import { startTestServer, urlOf } from "../headworks/src/testing/server.ts";
import { openDistance } from "./distance.ts";
import { keepSeason, NAMESPACE } from "./nba-season.ts";
import { type Measured, printTable, sideBySide, type Way } from "./side-by-side.ts";

const PLAYERS = 450;
const AT_ONCE = 8;
/** About as far as from one zone of a cloud region to another. */
const MILLISECONDS_AWAY = 1;
const TABLE = `${NAMESPACE}.${playerGameSummaries.name}`;

/** The ways to load what the players did before the day; each gives the number of lines. */
function waysOf(database: Database, players: readonly number[], day: string): Way[] {
  const reader = createReader<RowOf<typeof playerGameSummaries>>(database, NAMESPACE, playerGameSummaries);
  const date = { lt: day };
  const linesOf = async (player_id: number | readonly number[]) =>
    (await reader.rows({ player_id, date })).length;
  const inLanes = async (lanes: number) => {
    const rest = [...players];
    let found = 0;
    const work = async () => {
      for (let player = rest.pop(); player !== undefined; player = rest.pop()) {
        const lines = await linesOf(player);
        found += lines;
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return found;
  };
  return [
    { name: "one query for all", queries: 1, run: () => linesOf(players) },
    { name: "one by one", queries: PLAYERS, run: () => inLanes(1) },
    { name: `one by one, ${AT_ONCE} at once`, queries: PLAYERS, run: () => inLanes(AT_ONCE) },
  ];
}

/** Without and with an index that suits the many queries: the one needs none. */
async function measureIn(url: string, where: string, players: readonly number[], day: string) {
  const database = openDatabase({ url, role: "bench", maxConnections: AT_ONCE });
  const measured: Measured[] = [];
  try {
    for (const index of ["as it is", "with an index by player"]) {
      if (index !== "as it is") await database.query(`create index by_player on ${TABLE} (player_id, date)`);
      await database.query(`analyze ${TABLE}`);
      const found = await sideBySide(waysOf(database, players, day));
      measured.push(...found.map((each) => ({ ...each, way: `${each.way}; ${where}, ${index}` })));
    }
    await database.query(`drop index ${NAMESPACE}.by_player`);
  } finally {
    await database.end();
  }
  return measured;
}

const server = await startTestServer();
try {
  const admin = openDatabase({ url: server.url, role: "bench", maxConnections: 1 });
  await admin.query("create database bench").finally(() => admin.end());
  const url = urlOf(server.url, "bench");
  const league = simulateLeague({ seed: 1 });
  const database = openDatabase({ url, role: "bench", maxConnections: 1 });
  await keepSeason(database, league).finally(() => database.end());

  const day = league.season().lastDay;
  const players = league
    .players()
    .slice(0, PLAYERS)
    .map(({ playerId }) => playerId);
  await using distance = await openDistance(url, MILLISECONDS_AWAY);
  const measured = [
    ...(await measureIn(url, "same machine", players, day)),
    ...(await measureIn(distance.url, `${MILLISECONDS_AWAY} ms away`, players, day)),
  ];
  printTable(measured);
  const setting = { players: PLAYERS, day, node: process.version, cpus: cpus().length };
  console.log(JSON.stringify({ bench: "nba-history", ...setting, measured }));
} finally {
  await server.stop();
}
