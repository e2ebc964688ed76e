// Runs the demo on a recorded season, in a database and a folder of its own, and looks at what it has made.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createTestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";

/** Where the recorded data are. */
export const DATA =
  process.env.HEADWORKS_RECORDED_DATA ?? resolve(import.meta.dirname, "../../../shared/data");

export type Row = Record<string, unknown>;

export interface RecordedDemo extends AsyncDisposable {
  exitCode: number | null;
  output: string;
  rowsOf(sql: string): Promise<Row[]>;
  /** The one number that a query gives. */
  numberOf(sql: string): Promise<number>;
}

/** Resolves when all is settled. */
export async function runRecordedDemo(season: string): Promise<RecordedDemo> {
  const db = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-recorded-"));
  const args = ["--source", "recorded", "--season", season];
  const demo = startDemo({ dataDir, databaseUrl: db.url, args });
  const exitCode = await demo.ended;
  const rowsOf = async (sql: string) => (await db.database.query<Row>(sql)).rows;
  return {
    exitCode,
    output: demo.output(),
    rowsOf,
    async numberOf(sql) {
      const [row = {}] = await rowsOf(sql);
      return Number(Object.values(row)[0]);
    },
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** The cells of a recorded CSV file whose cells hold no commas, without its heading. */
export async function linesOf(...path: string[]): Promise<string[][]> {
  const text = await readFile(join(DATA, ...path), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
}
