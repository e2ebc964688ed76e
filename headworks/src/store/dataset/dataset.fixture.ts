// What the tests of datasets share: tables from definitions, and merges of rows by partition.

import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { DatasetReader } from "../../define/context.ts";
import { type Dataset, dataset, type RowOf } from "../../define/dataset.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type Database, transaction } from "../database.ts";
import { type MergeCounts, type MergedRun, mergeRows, stageRows } from "./merge.ts";
import { createReader } from "./read.ts";
import { validateRows } from "./rows.ts";
import { applyDatasetChanges, planDatasetChanges } from "./schema.ts";

/** One line of one player in one game. */
export const boxScores = dataset("box_scores", {
  schema: z.object({ game_id: z.string(), player_id: z.int(), points: z.int() }),
  key: ["game_id", "player_id"],
});

/** A column of every kind. */
export const everything = dataset("everything", {
  schema: z.object({
    id: z.int(),
    text: z.string(),
    day: z.iso.date(),
    at: z.iso.datetime(),
    uuid: z.uuid(),
    real: z.number(),
    flag: z.boolean(),
    large: z.bigint(),
    side: z.enum(["home", "away"]),
    list: z.array(z.string()),
    json: z.json(),
    nothing: z.string().nullable(),
    missing: z.int().optional(),
    either: z.bigint().nullish(),
    filled: z.string().default("filled"),
  }),
  key: ["id"],
});

/** A new database with the tables of these datasets. */
export async function databaseWith(...datasets: Dataset[]): Promise<TestDatabase> {
  const db = await createTestDatabase();
  await apply(db.database, ...datasets);
  return db;
}

/** Makes the tables what the datasets say, whatever that loses. */
export async function apply(database: Database, ...datasets: Dataset[]): Promise<void> {
  const changes = await planDatasetChanges(database, "prod", datasets);
  await transaction(database, (connection) => applyDatasetChanges(connection, "prod", changes));
}

/** The JSON texts of rows that are all good. */
export function textsOf(of: Dataset, rows: Iterable<unknown>): string[] {
  const batches = [...validateRows(of, rows)];
  const [rejected] = batches.flatMap((batch) => batch.rejected);
  if (rejected !== undefined) throw new Error(`rejected: ${rejected.error}`);
  return batches.flatMap((batch) => batch.accepted);
}

/** A run of the processor `p` on this partition that wrote these rows. */
export function runOf(partition: string, of: Dataset, rows: Iterable<unknown>): MergedRun {
  return { run: randomUUID(), processor: "p", partition, rows: textsOf(of, rows), staged: 0 };
}

/** Merges one run by itself. */
export async function merge(
  database: Database,
  partition: string,
  of: Dataset,
  rows: Iterable<unknown>,
): Promise<MergeCounts> {
  const [counts] = await mergeGroup(database, of, [runOf(partition, of, rows)]);
  if (counts === undefined) throw new Error("a merge without counts");
  return counts;
}

/** Merges runs in one transaction; gives their counts in the same order. */
export async function mergeGroup(database: Database, of: Dataset, runs: readonly MergedRun[]) {
  const merged = await transaction(database, (connection) => mergeRows(connection, "prod", of, runs));
  return runs.map(({ run }) => merged.get(run));
}

/** The same run with its rows staged. */
export async function staged(database: Database, of: Dataset, run: MergedRun): Promise<MergedRun> {
  await stageRows(database, run.run, of, run.rows);
  return { ...run, rows: [], staged: run.rows.length };
}

/** Every row of the table, in the order of its key, without provenance unless asked for. */
export async function tableRows(database: Database, of: Dataset, ...provenance: string[]) {
  const columns = [...Object.keys(of.schema.shape), ...provenance].map((name) => `"${name}"`).join(", ");
  const order = of.key.map((name) => `"${name}"`).join(", ");
  return (await database.query(`select ${columns} from prod."${of.name}" order by ${order}`)).rows;
}

/** A reader of the table, typed by the dataset. */
export function readerOf<D extends Dataset>(database: Database, of: D): DatasetReader<RowOf<D>> {
  return createReader<RowOf<D>>(database, "prod", of);
}
