// Merges what runs wrote into the tables of their datasets. Many rows are staged first, and counted before they are trusted.

import { hash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import type { Dataset } from "../../define/dataset.ts";
import { HeadworksError } from "../../domain/error.ts";
import { answerLimitMs, type Connection, type Database } from "../database.ts";
import * as sql from "./datasets.queries.ts";
import { explainingTable } from "./errors.ts";
import { deleteMarked, mergeStatement, tableOf } from "./sql.ts";

/** What one run wrote to a dataset, as JSON texts of validateRows: first those staged, then those that come along. */
export interface MergedRun {
  run: string;
  processor: string;
  partition: string;
  rows: readonly string[];
  /** How many were staged before. */
  staged: number;
}

export interface MergeCounts {
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** A million rows take half a minute on two busy cores; the timeout of other statements is too short for more. */
const STAGED_TIMEOUT_MS = 600_000;
/** So much longer its answer is waited for. */
const STAGED_GRACE_MS = 5_000;

/**
 * Replaces each run's partition by what the run wrote: in one statement, and another when rows are removed. Of rows with
 * the same key the last one counts. Gives the counts by run. When two of the runs write the same key, the statement
 * fails: merge them one by one. Throws HeadworksError STAGED_ROWS_LOST or DATASET_NOT_APPLIED.
 */
export async function mergeRows(
  connection: Connection,
  namespace: string,
  dataset: Dataset,
  runs: readonly MergedRun[],
): Promise<Map<string, MergeCounts>> {
  if (runs.length === 0) return new Map();
  const staged = runs.filter((run) => run.staged > 0);
  if (staged.length > 0) {
    await connection.query(`set local statement_timeout = ${STAGED_TIMEOUT_MS}`);
    await requireStagedRows(connection, dataset, staged);
  }
  const table = tableOf(namespace, dataset);
  const text = mergeStatement(table, staged.length > 0);
  const processors = runs.map((each) => each.processor);
  const partitions = runs.map((each) => each.partition);
  const values = [runs.map((each) => each.run), processors, partitions, rowsAsJson(runs)];
  if (staged.length > 0) values.push(dataset.name);
  const name = `merge_${hash("sha256", text, "hex").slice(0, 32)}`;
  const query_timeout = staged.length > 0 ? STAGED_TIMEOUT_MS + STAGED_GRACE_MS : answerLimitMs(connection);
  const { rows } = await explainingTable(namespace, dataset.name, () =>
    connection.query<MergeCounts & { run: string; marked: number }>({ name, text, values, query_timeout }),
  );
  if (rows.some((row) => row.marked > 0))
    await connection.query({ text: deleteMarked(table), values: [processors, partitions], query_timeout });
  return new Map(rows.map(({ run, marked, ...counts }) => [run, counts]));
}

/** Staged rows count up from here, so that they come before all that are merged without staging. */
let place = Number.MIN_SAFE_INTEGER;

/** Sends rows ahead of their settlement, to the table headworks.staged_rows. Those of one call come after those of earlier calls. */
export async function stageRows(
  database: Database,
  run: string,
  dataset: Dataset,
  rows: readonly string[],
): Promise<void> {
  const connection = await database.connect();
  let broken: Error | undefined;
  try {
    const copy = connection.query(copyFrom("copy headworks.staged_rows (run_id, dataset, row) from stdin"));
    await pipeline(Readable.from(copyLines(run, dataset.name, rows), { objectMode: false }), copy, {
      signal: AbortSignal.timeout(answerLimitMs(database)),
    });
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    connection.release(broken);
  }
}

const CHUNK_CHARACTERS = 65_536;

/** COPY's text format. JSON has no raw tabs or line ends in it, so that backslashes alone need another. */
function* copyLines(run: string, dataset: string, rows: readonly string[]): Generator<string> {
  let chunk = "";
  for (const row of rows) {
    chunk += `${run}\t${dataset}\t{"_o":${place++},${row.slice(1).replaceAll("\\", "\\\\")}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function rowsAsJson(runs: readonly MergedRun[]): string {
  const texts = runs.flatMap(({ rows }, run) =>
    rows.map((row, index) => `{"_n":${run + 1},"_o":${index},${row.slice(1)}`),
  );
  return `[${texts.join(",")}]`;
}

async function requireStagedRows(
  connection: Connection,
  dataset: Dataset,
  runs: readonly MergedRun[],
): Promise<void> {
  const ids = runs.map((each) => each.run);
  const found = await sql.countStagedRowsOf(connection, { run_ids: ids, dataset: dataset.name });
  const counts = new Map(found.map((each) => [each.run_id, each.rows]));
  for (const { run, staged } of runs) {
    const rows = counts.get(run) ?? 0;
    if (rows === staged) continue;
    throw new HeadworksError({
      code: "STAGED_ROWS_LOST",
      message: `of ${staged} rows that the run ${run} had staged for ${dataset.name}, ${rows} are there`,
      hint: "nothing to do: the database was restarted in between, and the run is tried again",
    });
  }
}
