// Compares dataset definitions with the tables that exist: what would change is planned and shown, then applied.

import type { Dataset } from "../../define/dataset.ts";
import { append } from "../../domain/append.ts";
import { HeadworksError } from "../../domain/error.ts";
import { PROD, rowsSchemaOf } from "../../domain/namespace.ts";
import { type Connection, type Executor, isContention } from "../database.ts";
import { createAgeIndex } from "./age-sql.ts";
import { listTables } from "./catalog.ts";
import type { StoredColumn } from "./columns.ts";
import * as sql from "./datasets.queries.ts";
import { createOverlays, listOverlaid, withoutOverlays } from "./overlay.ts";
import { type DatasetChange, planTable } from "./plan.ts";
import { createTable, type Table, tableOf } from "./sql.ts";
import { storedTable } from "./stored.ts";

export type { DatasetChange } from "./plan.ts";

const LOCK_TIMEOUT_MS = 5_000;

/**
 * What it takes to make the namespace's tables what the datasets say, dataset by dataset. Changes nothing.
 * Throws HeadworksError DATASET_COLUMN_UNSUPPORTED, DATASET_KEY_UNSUPPORTED and DATASET_TABLE_FOREIGN.
 */
export async function planDatasetChanges(
  executor: Executor,
  namespace: string,
  datasets: Iterable<Dataset>,
): Promise<DatasetChange[]> {
  const tables = Array.from(datasets, (dataset) => tableOf(namespace, dataset));
  const changes = await planTables(executor, namespace, tables);
  const applied = await sql.listDatasets(executor, { namespace });
  const defined = new Set(tables.map((table) => table.name));
  const abandoned = applied.filter(({ name }) => !defined.has(name));
  return [...changes, ...abandoned.map(({ name }) => keptTable(namespace, name))];
}

/**
 * Applies planned changes in the caller's transaction; the caller has decided about unsafe ones. Changes that another
 * process has applied meanwhile are left out.
 * Throws HeadworksError DATASET_IN_USE when a table stays locked, DATASET_CHANGED_MEANWHILE when the plan no longer fits.
 */
export async function applyDatasetChanges(
  connection: Connection,
  namespace: string,
  changes: readonly DatasetChange[],
): Promise<void> {
  const targets = new Map(changes.flatMap(({ target }) => (target ? [[target.name, target] as const] : [])));
  if (targets.size === 0) return;
  try {
    await connection.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    // An overlay is made of both: its own tables and those of `prod`.
    for (const each of new Set([PROD, namespace])) await sql.lockDatasets(connection, { namespace: each });
    const needed = await planTables(connection, namespace, [...targets.values()]);
    requirePlanned(needed, changes);
    const change = async () => {
      for (const statement of needed.flatMap((each) => each.sql)) await connection.query(statement);
      for (const table of targets.values()) await saveDataset(connection, table);
    };
    if (namespace === PROD) return await withoutOverlays(connection, new Set(targets.keys()), change);
    await change();
    await createOverlays(connection, [...targets.values()]);
  } catch (error) {
    throw isContention(error) ? inUse(namespace, error) : error;
  }
}

/** Makes the tables of all datasets that are on record, in every namespace: for a restore, in its transaction. */
export async function createDatasetTables(connection: Connection): Promise<void> {
  const applied = await sql.listEveryDataset(connection);
  for (const table of applied.map(storedTable)) {
    for (const statement of [...createTable(table), ...createAgeIndex(table)])
      await connection.query(statement);
  }
  await createOverlays(connection, await listOverlaid(connection));
}

async function planTables(
  executor: Executor,
  namespace: string,
  tables: readonly Table[],
): Promise<DatasetChange[]> {
  const existing = await listTables(executor, rowsSchemaOf(namespace));
  const changes: DatasetChange[] = [];
  for (const table of tables) append(changes, await planTable(executor, table, existing.get(table.name)));
  return changes;
}

/** Nothing is done that the caller hasn't seen. */
function requirePlanned(needed: readonly DatasetChange[], planned: readonly DatasetChange[]): void {
  const seen = new Set(planned.map(fingerprint));
  const unseen = needed.find((change) => !seen.has(fingerprint(change)));
  if (unseen === undefined) return;
  throw new HeadworksError({
    code: "DATASET_CHANGED_MEANWHILE",
    message: `the tables have changed since the plan was made; now it also takes: ${unseen.description}`,
    hint: "run the command again to see the new plan",
  });
}

function fingerprint(change: DatasetChange): string {
  return [change.safe, ...change.sql].join("\n");
}

async function saveDataset(connection: Connection, table: Table): Promise<void> {
  const columns = table.columns.map(
    ({ name, type, nullable }): StoredColumn => ({
      name,
      type,
      nullable,
      ...(name === table.agesBy && { ages: true }),
    }),
  );
  const key = table.key.map((column) => column.name);
  await sql.saveDataset(connection, { namespace: table.namespace, name: table.name, columns, key });
}

function keptTable(namespace: string, name: string): DatasetChange {
  return {
    dataset: name,
    description: `${name}: no longer defined; its table ${rowsSchemaOf(namespace)}.${name} is kept`,
    sql: [],
    safe: true,
    hint: `if its rows are not needed any more: drop table ${rowsSchemaOf(namespace)}.${name}`,
  };
}

function inUse(namespace: string, cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "DATASET_IN_USE",
    message: `the tables of ${namespace} stayed in use for ${LOCK_TIMEOUT_MS / 1000} s`,
    hint: "try again, or let running work finish first",
    cause,
  });
}
