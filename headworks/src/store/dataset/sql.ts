// Builds the SQL of datasets: tables, merges and reads, with escaped identifiers. Values are parameters.

import pg from "pg";
import type { Dataset } from "../../define/dataset.ts";
import { rowsSchemaOf } from "../../domain/namespace.ts";
import { type Column, type ColumnType, columnsOf, keyColumnsOf } from "./columns.ts";

/** A dataset as a table of one namespace. */
export interface Table {
  namespace: string;
  name: string;
  columns: readonly Column[];
  key: readonly Column[];
  /** The column by which its rows grow old, if they do; it has an index. */
  agesBy?: string | undefined;
}

export function tableOf(namespace: string, dataset: Dataset): Table {
  return {
    namespace,
    name: dataset.name,
    columns: columnsOf(dataset),
    key: keyColumnsOf(dataset),
    agesBy: dataset.retention?.by,
  };
}

/** A text as an identifier, whatever it holds. */
export const identifier = pg.escapeIdentifier;

/** Where a namespace keeps what it has written itself. */
export const nameOf = (table: Table) =>
  `${identifier(rowsSchemaOf(table.namespace))}.${identifier(table.name)}`;
/** What readers read: in `prod` the table, in any other namespace its overlay. */
export const readName = (table: Table) => `${identifier(table.namespace)}.${identifier(table.name)}`;

export function createSchema(schema: string): string {
  return `create schema if not exists ${identifier(schema)}`;
}

export const list = (columns: readonly Column[], prefix = "") =>
  columns.map((column) => prefix + identifier(column.name)).join(", ");
const typed = (columns: readonly Column[]) =>
  columns.map((column) => `${identifier(column.name)} ${column.type}`).join(", ");
const sameKey = (table: Table, left: string, right: string) =>
  table.key.map(({ name }) => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(" and ");

/** The columns that tell where a row is from, with their types: text, except for the run. */
export const PROVENANCE = ["_processor", "_partition", "_run", "_row_hash"] as const;

export function createTable(table: Table): string[] {
  const columns = table.columns.map(
    (column) => `${identifier(column.name)} ${column.type}${column.nullable ? "" : " not null"}`,
  );
  const provenance = PROVENANCE.map((name) => `${name} ${name === "_run" ? "uuid" : "text"} not null`);
  const all = [...columns, ...provenance, `primary key (${list(table.key)})`].join(", ");
  return [
    `create table ${nameOf(table)} (${all})`,
    `create index on ${nameOf(table)} (_processor, _partition)`,
  ];
}

/** Stands in for the hash of rows that a merge has marked, until they are deleted in the same transaction. */
const GONE = "'gone'";

/**
 * Replaces the partitions of a group of runs by what they wrote; what is gone is marked only (`marked` counts it), and
 * left to deleteMarked.
 * Parameters: runs (uuid[]), their processors and partitions (text[]), the rows that came along (json), and, when some
 * were staged, the dataset's name. Each row has `_o`, its place in what the run wrote; one that came along also `_n`,
 * the place of its run from 1.
 *
 * - Rows are inserted, updated and marked in one pass in the order of the key: merges that meet wait for each other, and
 *   can't deadlock. That is why nothing is deleted here.
 * - Every step is linear (or sorts) whatever the planner believes of the sizes: the table is looked up by key, and by
 *   partition, and what is gone is found by grouping.
 * - A row of the same hash isn't touched, except to take it over from another partition of the group.
 */
export function mergeStatement(table: Table, staged: boolean): string {
  const { columns, key } = table;
  const values = columns.filter((column) => !key.includes(column));
  const updated = [...values.map(({ name }) => identifier(name)), ...PROVENANCE];
  const keyOfRow = list(key, "w.");
  const fromStaging = `union all
    select r.n, s._o, ${list(columns, "s.")}, s._row_hash
    from runs r join headworks.staged_rows on run_id = r.run and dataset = $5::text
    cross join lateral json_to_record(staged_rows.row) as s (_o bigint, ${typed(columns)}, _row_hash text)`;
  return `
with runs as materialized (
  select n, run, processor, partition
  from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as r (run, processor, partition, n)
), incoming as materialized (
  select distinct on (${keyOfRow}, w._n) w.*
  from (
    select * from json_to_recordset($4::json) as s (_n bigint, _o bigint, ${typed(columns)}, _row_hash text)
    ${staged ? fromStaging : ""}
  ) as w
  order by ${keyOfRow}, w._n, w._o desc
), changes as materialized (
  select i.*
  from incoming i
  left join lateral (
    select t._row_hash, t._processor, t._partition from ${nameOf(table)} t where ${sameKey(table, "t", "i")} limit 1
  ) t on true
  left join runs other on other.processor = t._processor and other.partition = t._partition and other.n <> i._n
  where t._row_hash is distinct from i._row_hash or other.n is not null
), gone as materialized (
  select ${list(key)}, max(_n) as _n
  from (
    select ${list(key, "t.")}, r.n as _n, false as _written
    from runs r cross join lateral (
      select ${list(key)} from ${nameOf(table)} where _processor = r.processor and _partition = r.partition offset 0) t
    union all
    select ${list(key, "i.")}, null, true from incoming i
  ) as k
  group by ${list(key)} having not bool_or(_written)
), written as (
  insert into ${nameOf(table)} as t (${list(columns)}, ${PROVENANCE.join(", ")})
  select ${list(columns, "w.")}, r.processor, r.partition, r.run, w._row_hash
  from (
    select c._n, ${list(columns, "c.")}, c._row_hash from changes c
    union all
    select g._n, ${list(columns, "t.")}, ${GONE} from gone g
    cross join lateral (select * from ${nameOf(table)} t where ${sameKey(table, "t", "g")} limit 1) t
  ) as w join runs r on r.n = w._n
  order by ${keyOfRow}
  on conflict (${list(key)}) do update set ${updated.map((name) => `${name} = excluded.${name}`).join(", ")}
  where case excluded._row_hash
    when ${GONE} then t._processor = excluded._processor and t._partition = excluded._partition
    else t._row_hash <> excluded._row_hash
      or exists (select from runs r where r.processor = t._processor and r.partition = t._partition)
    end
  returning t._run, t._row_hash = ${GONE} as marked, t.xmax = 0 as inserted
)
select r.run, coalesce(w.inserted, 0) as inserted, coalesce(w.updated, 0) as updated,
  coalesce(i.rows, 0) - coalesce(w.inserted + w.updated, 0) as unchanged, coalesce(w.removed, 0) as removed,
  coalesce(w.marked, 0) as marked
from runs r
left join (select _n, count(*) as rows from incoming group by _n) i on i._n = r.n
left join (
  select _run, count(*) filter (where inserted and not marked) as inserted,
    count(*) filter (where not inserted and not marked) as updated,
    count(*) filter (where not inserted and marked) as removed, count(*) filter (where marked) as marked
  from written group by _run
) w on w._run = r.run`;
}

/** Deletes what a merge has marked. Parameters: the processors and partitions of its runs (text[]). */
export function deleteMarked(table: Table): string {
  return `delete from ${nameOf(table)} t using unnest($1::text[], $2::text[]) as r (processor, partition)
    where t._processor = any (array[r.processor]) and t._partition = any (array[r.partition]) and t._row_hash = ${GONE}`;
}

/** One condition of a filter, its values ready to be sent. */
export type Condition =
  | { column: Column; kind: "null" }
  | { column: Column; kind: "equal" | "gt" | "gte" | "lt" | "lte"; value: unknown }
  | { column: Column; kind: "among"; values: readonly unknown[]; orNull: boolean };

export interface Selection {
  conditions: readonly Condition[];
  orderBy?: readonly { column: Column; descending: boolean }[];
  limit?: number;
  /** Gives the texts of the key too, exact as in the table, as `_key_0`, `_key_1`, … */
  keyTexts?: boolean;
  /** Rows whose key comes after this one: the texts of its columns. */
  after?: readonly string[];
}

export interface Statement {
  text: string;
  values: unknown[];
}

export function selectCount(table: Table, conditions: readonly Condition[]): Statement {
  const values: unknown[] = [];
  return {
    text: `select count(*) as rows from ${readName(table)} t${where(table, { conditions }, values)}`,
    values,
  };
}

/** The rows, in the order asked for, then by key. */
export function selectRows(table: Table, selection: Selection): Statement {
  const values: unknown[] = [];
  const keyTexts = table.key.map(({ name }, index) => `, t.${identifier(name)}::text as _key_${index}`);
  const columns = list(table.columns, "t.") + (selection.keyTexts === true ? keyTexts.join("") : "");
  const order = [...(selection.orderBy ?? []), ...table.key.map((column) => ({ column, descending: false }))];
  const sorted = order.map(
    ({ column, descending }) => `t.${identifier(column.name)}${descending ? " desc" : ""}`,
  );
  const parts = [
    `select ${columns} from ${readName(table)} t${where(table, selection, values)}`,
    `order by ${sorted.join(", ")}`,
    ...(selection.limit === undefined ? [] : [`limit ${parameter(values, selection.limit, "bigint")}`]),
  ];
  return { text: parts.join(" "), values };
}

const OPERATORS = { equal: "=", gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

function where(table: Table, { conditions, after }: Selection, values: unknown[]): string {
  const all = conditions.map((condition) => conditionText(condition, values));
  if (after !== undefined) {
    const bounds = table.key.map((column, index) => parameter(values, after[index], column.type));
    all.push(`(${list(table.key, "t.")}) > (${bounds.join(", ")})`);
  }
  return all.length === 0 ? "" : ` where ${all.join(" and ")}`;
}

function conditionText(condition: Condition, values: unknown[]): string {
  const name = `t.${identifier(condition.column.name)}`;
  const { type } = condition.column;
  if (condition.kind === "null") return `${name} is null`;
  if (condition.kind !== "among")
    return `${name} ${OPERATORS[condition.kind]} ${parameter(values, condition.value, type)}`;
  const among = `${name} = any(${parameter(values, condition.values, `${type}[]`)})`;
  return condition.orNull ? `(${among} or ${name} is null)` : among;
}

function parameter(values: unknown[], value: unknown, type: ColumnType | `${ColumnType}[]`): string {
  return `$${values.push(value)}::${type}`;
}
