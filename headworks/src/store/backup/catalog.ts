// What there is to back up, read from PostgreSQL's catalog: no list of tables to keep in step with the migrations.

import { append } from "../../domain/append.ts";
import { rowsSchemaOf } from "../../domain/namespace.ts";
import type { Executor } from "../database.ts";
import * as datasets from "../dataset/datasets.queries.ts";
import { PROVENANCE } from "../dataset/sql.ts";
import type { Migration } from "../migrate.ts";
import * as sql from "./catalog.queries.ts";
import type { Partition, TableName } from "./copy-sql.ts";

export const OWN_SCHEMA = "headworks";

/** Our own tables whose rows mean nothing elsewhere. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  migrations: "a restore applies them again",
  workers: "their processes are not there",
  duty_failures: "it tells of hosts of the place where they were taken",
  backups: "it tells of files of the place where they were taken",
};

export interface StoredTable extends TableName {
  columns: readonly string[];
}

export interface AppliedMigration extends Migration {
  /** Of its text. */
  hash: string;
}

export interface Catalog {
  /** What others refer to comes first, datasets last. */
  tables: StoredTable[];
  partitions: Partition[];
  namespaces: string[];
  migrations: AppliedMigration[];
  leftOut: string[];
}

export async function readCatalog(executor: Executor): Promise<Catalog> {
  const own = await listTables(executor, OWN_SCHEMA);
  const references = await sql.listReferences(executor, { schema: OWN_SCHEMA });
  const namespaces = (await sql.listNamespaces(executor)).map((row) => row.name);
  const ofDatasets = await listDatasetTables(executor);
  const known = new Set(ofDatasets.map(({ schema, name }) => `${schema}.${name}`));
  const others: string[] = [];
  for (const schema of schemasOf(namespaces)) {
    const found = (await listTables(executor, schema)).map(({ name }) => `${schema}.${name}`);
    append(
      others,
      found.filter((name) => !known.has(name)),
    );
  }
  const kept = own.filter(({ name }) => !(name in LEFT_OUT));
  return {
    tables: [...inOrderOfReference(kept, references), ...ofDatasets],
    partitions: await sql.listTablePartitions(executor, { schema: OWN_SCHEMA }),
    namespaces,
    migrations: await sql.listAppliedMigrations(executor),
    leftOut: [
      ...own.flatMap(({ name }) => (name in LEFT_OUT ? [`${OWN_SCHEMA}.${name}: ${LEFT_OUT[name]}`] : [])),
      ...others.map((name) => `${name}: it is no table of a dataset`),
    ],
  };
}

/** The schemas of these namespaces. */
export function schemasOf(namespaces: readonly string[]): Set<string> {
  return new Set(namespaces.flatMap((name) => [name, rowsSchemaOf(name)]));
}

/** Where the sequences stand. They know no snapshot: read them after it was taken. */
export async function readSequences(executor: Executor): Promise<{ name: string; last_value: string }[]> {
  const rows = await sql.listSequences(executor, { schema: OWN_SCHEMA });
  return rows.flatMap(({ name, last_value }) => (last_value === null ? [] : [{ name, last_value }]));
}

export async function listPartitionNames(executor: Executor): Promise<string[]> {
  const rows = await sql.listTablePartitions(executor, { schema: OWN_SCHEMA });
  return rows.map((row) => row.name);
}

async function listTables(executor: Executor, schema: string): Promise<StoredTable[]> {
  const rows = await sql.listKeptTables(executor, { schema });
  return rows.map(({ name, columns }) => ({ schema, name, columns }));
}

async function listDatasetTables(executor: Executor): Promise<StoredTable[]> {
  const rows = await datasets.listEveryDataset(executor);
  return rows.map(({ namespace, name, columns }) => ({
    schema: rowsSchemaOf(namespace),
    name,
    columns: [...columns.map((column) => column.name), ...PROVENANCE],
  }));
}

/** A row can be loaded only after the row that it refers to. */
function inOrderOfReference(
  tables: readonly StoredTable[],
  references: readonly { name: string; refers_to: string }[],
): StoredTable[] {
  const ordered: StoredTable[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const names = new Set(left.map((table) => table.name));
    const isFree = ({ name }: StoredTable) =>
      !references.some((reference) => reference.name === name && names.has(reference.refers_to));
    const free = left.filter(isFree);
    if (free.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...names].join(", ")}`);
    append(ordered, free);
    left = left.filter((table) => !isFree(table));
  }
  return ordered;
}
