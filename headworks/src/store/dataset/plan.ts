// Plans what one table needs: which changes are safe, and what the others lose.

import { HeadworksError } from "../../domain/error.ts";
import type { Executor } from "../database.ts";
import { createAgeIndex } from "./age-sql.ts";
import {
  addColumn,
  changeKey,
  changeType,
  countRows,
  deleteWithout,
  dropColumn,
  dropNotNull,
  setNotNull,
} from "./alter-sql.ts";
import type { ExistingTable } from "./catalog.ts";
import type { Column, ColumnType } from "./columns.ts";
import { createTable, PROVENANCE, type Table } from "./sql.ts";

/** One difference between a definition and its table, and how to remove it. */
export interface DatasetChange {
  dataset: string;
  /** One line: `box_scores: add column minutes (text)`. */
  description: string;
  /** Nothing, for a dataset that is no longer defined: its table is kept. */
  sql: readonly string[];
  /** Whether nothing can be lost by it, nor can it fail because of the rows there are. */
  safe: boolean;
  /** For an unsafe one: what is lost. */
  loses?: string;
  hint?: string;
  /** The definition that it leads to; undefined where there is none. */
  target?: Table;
}

/** Every value of the first type is one of the second; whatever is none of these may be lost or refused. */
const WIDENINGS: Partial<Record<string, readonly ColumnType[]>> = {
  bigint: ["numeric", "double precision", "text", "jsonb"],
  "double precision": ["text", "jsonb"],
  numeric: ["text"],
  boolean: ["text", "jsonb"],
  uuid: ["text", "jsonb"],
  date: ["text", "jsonb"],
  text: ["jsonb"],
};

/** Whether every value of a type, as the catalog names it, is one of another. */
export function isWidening(from: string, to: ColumnType): boolean {
  return WIDENINGS[from]?.includes(to) === true;
}

/** What is done, without the dataset: see DatasetChange. */
type Step = Omit<DatasetChange, "dataset" | "target">;

/** The steps from the table that exists, if any, to the one that is defined. Counts rows where that decides what is safe. */
export async function planTable(
  executor: Executor,
  table: Table,
  existing: ExistingTable | undefined,
): Promise<DatasetChange[]> {
  const steps =
    existing === undefined
      ? [creation(table)]
      : await alterations(executor, table, requireOurs(table, existing));
  return steps.map((step) => ({
    ...step,
    dataset: table.name,
    description: `${table.name}: ${step.description}`,
    target: table,
  }));
}

function creation(table: Table): Step {
  const columns = table.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  return {
    description: `create table ${table.namespace}.${table.name} (${columns})`,
    sql: [...createTable(table), ...createAgeIndex(table)],
    safe: true,
  };
}

/** Columns come first, since a new key may need them; what the old key may need is dropped after it. */
async function alterations(executor: Executor, table: Table, existing: ExistingTable): Promise<Step[]> {
  if (isAsDefined(table, existing)) return [];
  const rows = await count(executor, countRows(table));
  const grown: Step[] = [];
  for (const column of table.columns) {
    const found = existing.columns.get(column.name);
    if (found === undefined) grown.push(addition(table, column, rows));
    else if (found.type !== column.type) grown.push(typeChange(table, column, found.type, rows));
    if (found?.notNull === false && !column.nullable) grown.push(await requirement(executor, table, column));
  }
  const key = isSameKey(table, existing) ? [] : [keyChange(table, existing, rows)];
  const loosened = table.columns
    .filter((column) => column.nullable && existing.columns.get(column.name)?.notNull)
    .map(({ name }) => ({ description: `let ${name} be null`, sql: [dropNotNull(table, name)], safe: true }));
  const dropped = namesBeyond(table, existing).map((name) => removal(table, name, rows));
  return [...grown, ...key, ...loosened, ...dropped, ...ageIndex(table, existing)];
}

/** Old rows are found by it. A type that changes rewrites it, a column that is dropped takes it along. */
function ageIndex(table: Table, existing: ExistingTable): Step[] {
  const { agesBy } = table;
  if (agesBy === undefined || existing.indexed.has(agesBy)) return [];
  return [{ description: `index ${agesBy}, by which rows go`, sql: createAgeIndex(table), safe: true }];
}

/** Saves the counting of rows when there is nothing to do. */
function isAsDefined(table: Table, existing: ExistingTable): boolean {
  const columnsFit = table.columns.every((column) => {
    const found = existing.columns.get(column.name);
    return found?.type === column.type && found.notNull === !column.nullable;
  });
  const hasIndex = table.agesBy === undefined || existing.indexed.has(table.agesBy);
  return columnsFit && hasIndex && isSameKey(table, existing) && namesBeyond(table, existing).length === 0;
}

/** Columns that exist and aren't defined any more. */
function namesBeyond(table: Table, existing: ExistingTable): string[] {
  const kept = new Set<string>([...PROVENANCE, ...table.columns.map((column) => column.name)]);
  return [...existing.columns.keys()].filter((name) => !kept.has(name));
}

function addition(table: Table, column: Column, rows: number): Step {
  const description = `add column ${column.name} (${column.type}${column.nullable ? "" : ", never null"})`;
  const added = addColumn(table, column);
  if (column.nullable) return { description, sql: [added], safe: true };
  if (rows === 0) return { description, sql: [added, setNotNull(table, column.name)], safe: true };
  return {
    description,
    sql: [added, deleteWithout(table, column.name), setNotNull(table, column.name)],
    safe: false,
    loses: `all ${rows} rows, since none has a value for it`,
    hint: `declare ${column.name} with .nullable() to keep them, or run their partitions again afterward`,
  };
}

function typeChange(table: Table, column: Column, from: string, rows: number): Step {
  const change = {
    description: `change column ${column.name} from ${from} to ${column.type}`,
    sql: [changeType(table, column, from)],
  };
  const widens = isWidening(from, column.type);
  if (widens || rows === 0) return { ...change, safe: true };
  return {
    ...change,
    safe: false,
    loses: `what ${from} can say and ${column.type} can't; a value that isn't ${column.type} at all stops the change`,
    hint: "add a column of another name instead, or fix the values first",
  };
}

async function requirement(executor: Executor, table: Table, column: Column): Promise<Step> {
  const description = `forbid null in ${column.name}`;
  const without = await count(executor, countRows(table, column.name));
  if (without === 0) return { description, sql: [setNotNull(table, column.name)], safe: true };
  return {
    description,
    sql: [deleteWithout(table, column.name), setNotNull(table, column.name)],
    safe: false,
    loses: `${without} rows, in which it is null`,
    hint: `keep ${column.name} .nullable(), or run their partitions again afterward`,
  };
}

function isSameKey(table: Table, existing: ExistingTable): boolean {
  const key = table.key.map((column) => column.name);
  return key.length === existing.key.length && key.every((name, place) => name === existing.key[place]);
}

function keyChange(table: Table, existing: ExistingTable, rows: number): Step {
  const key = table.key.map((column) => column.name).join(", ");
  const change = {
    description: `change key from (${existing.key.join(", ")}) to (${key})`,
    sql: changeKey(table, existing.keyName),
  };
  if (rows === 0) return { ...change, safe: true };
  return {
    ...change,
    safe: false,
    loses:
      "nothing, if every row has a value in the new key and no two rows share it; otherwise the change stops",
    hint: "remove the rows that share a key first, or give the dataset another name",
  };
}

function removal(table: Table, name: string, rows: number): Step {
  const change = { description: `drop column ${name}`, sql: [dropColumn(table, name)] };
  if (rows === 0) return { ...change, safe: true };
  return {
    ...change,
    safe: false,
    loses: `the values of ${name} in ${rows} rows`,
    hint: `keep ${name} in the schema, with .nullable(), if they may be needed`,
  };
}

/** A table of the user's own must not be changed, however alike it is. */
function requireOurs(table: Table, existing: ExistingTable): ExistingTable {
  if (existing.isTable && PROVENANCE.every((name) => existing.columns.has(name))) return existing;
  throw new HeadworksError({
    code: "DATASET_TABLE_FOREIGN",
    message: `${table.namespace}.${table.name} exists, but is no table of a dataset`,
    hint: "rename it, or give the dataset another name",
  });
}

async function count(executor: Executor, text: string): Promise<number> {
  const result = await executor.query<{ rows: number }>(text);
  return Number(result.rows[0]?.rows);
}
