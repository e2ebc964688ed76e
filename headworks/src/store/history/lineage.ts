// Reads what a lineage is made of: rows with their provenance, the outputs upstream, the responses of sources.

import { HeadworksError } from "../../domain/error.ts";
import type { Executor } from "../database.ts";
import type { Column } from "../dataset/columns.ts";
import { explainingTable } from "../dataset/errors.ts";
import { type Condition, selectCount, selectRows, type Table } from "../dataset/sql.ts";
import * as sql from "./lineage.queries.ts";

/** A row with where it is from. */
export type OriginRow = Record<string, unknown> & { _processor: string; _partition: string; _run: string };

export interface SourceResponse {
  run_id: string;
  source: string;
  method: string;
  url: string;
  status: number;
  hash: string;
  fetched_at: string;
}

/** Values that a column may have. */
export type KnownValues = ReadonlyMap<string, readonly string[]>;

export async function listAppliedDatasets(
  executor: Executor,
  namespace: string,
): Promise<sql.AppliedDataset[]> {
  return sql.listAppliedDatasets(executor, { namespace });
}

export async function listOutputsByName(
  executor: Executor,
  namespace: string,
  processor: string,
  partitions: readonly string[],
): Promise<
  { id: number; partition: string; status: string; run_id: string | null; changed_by: string | null }[]
> {
  return sql.listOutputsByName(executor, { namespace, processor, partitions });
}

export async function listUpstreamOutputs(
  executor: Executor,
  outputs: readonly number[],
): Promise<sql.UpstreamOutput[]> {
  return sql.listUpstreamOutputs(executor, { output_ids: outputs });
}

/** What sources answered to these runs: the first `limit`, and how many there are. */
export async function listResponsesOf(
  executor: Executor,
  runs: readonly string[],
  limit: number,
): Promise<{ responses: SourceResponse[]; total: number }> {
  const rows = await sql.listResponsesOf(executor, { run_ids: runs, limit });
  return { responses: rows.map(({ total: _, ...response }) => response), total: rows[0]?.total ?? 0 };
}

/** The row of a key, given as texts in the order of the key's columns. */
export async function findOriginRow(
  executor: Executor,
  namespace: string,
  dataset: sql.AppliedDataset,
  key: readonly string[],
): Promise<OriginRow | undefined> {
  const known = new Map(dataset.key.map((name, index) => [name, [key[index] ?? ""]]));
  return (await listOriginRows(executor, namespace, dataset, known, 1)).rows[0];
}

/** The rows whose columns have the known values: the first `limit` by key, and how many there are. */
export async function listOriginRows(
  executor: Executor,
  namespace: string,
  dataset: sql.AppliedDataset,
  known: KnownValues,
  limit: number,
): Promise<{ rows: OriginRow[]; total: number }> {
  const table = originTable(namespace, dataset);
  const conditions = table.columns.flatMap((column): Condition[] => {
    const values = known.get(column.name);
    return values === undefined ? [] : [{ column, kind: "among", values, orNull: false }];
  });
  const read = (statement: { text: string; values: unknown[] }) =>
    explainingTable(namespace, dataset.name, () => readValues(executor, statement));
  const rows = (await read(selectRows(table, { conditions, limit }))) as OriginRow[];
  if (rows.length < limit) return { rows, total: rows.length };
  const [counted] = await read(selectCount(table, conditions));
  return { rows, total: Number(counted?.rows) };
}

/** A key whose text is no value of its column's type is the asker's mistake. */
async function readValues(executor: Executor, statement: { text: string; values: unknown[] }) {
  try {
    return (await executor.query<Record<string, unknown>>(statement)).rows;
  } catch (error) {
    const malformed = error instanceof Error && "code" in error && /^22/.test(String(error.code));
    if (!malformed) throw error;
    throw new HeadworksError({
      code: "KEY_MALFORMED",
      message: `that is no key: ${error.message}`,
      hint: "give the values in the order of the dataset's key",
      cause: error,
    });
  }
}

function originTable(namespace: string, dataset: sql.AppliedDataset): Table {
  const provenance = ["_processor", "_partition", "_run"].map(
    (name): Column => ({ name, type: name === "_run" ? "uuid" : "text", nullable: false, absent: false }),
  );
  const columns = [...dataset.columns, ...provenance];
  return {
    namespace,
    name: dataset.name,
    columns,
    key: columns.filter((column) => dataset.key.includes(column.name)),
  };
}
