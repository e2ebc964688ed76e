// The recorded game log of 2025-26: one answer of another server, for the season up to the day it was asked.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DayRange } from "headworks-example-kit/days.ts";
import { z } from "zod";
import { type GameLogLine, linesOf, resultSet } from "../game-log.ts";
import type { Coverage } from "../league.ts";
import { once } from "./once.ts";

const FILE = join("nba-api-http", "exchanges.jsonl");
/** What the address of the one exchange that is wanted contains, of the many that were recorded. */
const ADDRESS = "/stats/leaguegamelog?";

const exchange = z.object({ url: z.string(), status: z.literal(200), body: z.string() });
const body = z.object({ resultSets: z.array(resultSet) });

/** What the log covers: it was recorded in February. */
export const LOG_COVERAGE: Coverage = { seasonTypes: ["regular"], from: "2025-10-21", to: "2026-02-21" };

/**
 * The lines of the log by day, or undefined when it was not recorded. What it gives throws when the file, which is read
 * at the first call, does not hold a log.
 */
export function recordedGameLog(dir: string): ((days: DayRange) => readonly GameLogLine[]) | undefined {
  const file = join(dir, FILE);
  if (!existsSync(file)) return undefined;
  const lines = once(() => readLines(file).sort(byGame));
  return ({ from, to }) => lines().filter(({ GAME_DATE }) => from <= GAME_DATE && GAME_DATE <= to);
}

function readLines(file: string): GameLogLine[] {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((text) => text.includes(ADDRESS));
  if (line === undefined) throw new Error(`${file}: there is no answer of ${ADDRESS}`);
  const tables = body.parse(JSON.parse(exchange.parse(JSON.parse(line)).body)).resultSets;
  return tables.flatMap(linesOf);
}

// Recorded in no order within a day: here the two lines of a game stand together.
function byGame(a: GameLogLine, b: GameLogLine): number {
  return compare(a.GAME_DATE, b.GAME_DATE) || compare(a.GAME_ID, b.GAME_ID) || compare(a.MATCHUP, b.MATCHUP);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
