// Builds the SQL that reads and writes whole tables whose names come from the catalog, with escaped identifiers.

import pg from "pg";

export interface TableName {
  schema: string;
  name: string;
}

/** A partition, as the catalog describes it. */
export interface Partition {
  name: string;
  parent: string;
  /** `FOR VALUES …` or `DEFAULT`. */
  bounds: string;
  /** What it is divided by itself, if it is. */
  divided_by: string | null;
  options: string[] | null;
}

const identifier = pg.escapeIdentifier;
const nameOf = ({ schema, name }: TableName) => `${identifier(schema)}.${identifier(name)}`;
const list = (columns: readonly string[]) => columns.map((column) => identifier(column)).join(", ");

/** The rows of a table, or of all partitions of one, in COPY's text format. */
export function copyOut(table: TableName, columns: readonly string[]): string {
  return `copy (select ${list(columns)} from ${nameOf(table)}) to stdout`;
}

export function copyIn(table: TableName, columns: readonly string[]): string {
  return `copy ${nameOf(table)} (${list(columns)}) from stdin`;
}

/** Every response's body, once, in the order of the hashes. */
export const COPY_ARCHIVED =
  "copy (select distinct hash from headworks.raw_documents order by hash) to stdout";

/** Every artifact: namespace, path, hash, temporary name. */
export const COPY_ARTIFACTS =
  "copy (select namespace, path, hash, temporary_name from headworks.artifacts order by namespace, path) to stdout";

/** Keeps tables from being dropped or changed while they are read. */
export function lockToRead(tables: readonly TableName[]): string {
  return `lock table ${tables.map(nameOf).join(", ")} in access share mode`;
}

export function emptyTables(tables: readonly TableName[]): string {
  return `truncate table ${tables.map(nameOf).join(", ")}`;
}

export function dropSchemas(names: readonly string[]): string {
  return `drop schema if exists ${list(names)} cascade`;
}

export function dropPartition(schema: string, name: string): string {
  return `drop table if exists ${nameOf({ schema, name })}`;
}

/** Bounds and keys are SQL of PostgreSQL's own making; they came with the backup, whose hash was checked. */
export function createPartition(schema: string, partition: Partition): string {
  const { name, parent, bounds, divided_by, options } = partition;
  const divided = divided_by === null ? "" : ` partition by ${divided_by}`;
  const having = options === null || options.length === 0 ? "" : ` with (${options.join(", ")})`;
  return `create table ${nameOf({ schema, name })} partition of ${nameOf({ schema, name: parent })} ${bounds}${divided}${having}`;
}
