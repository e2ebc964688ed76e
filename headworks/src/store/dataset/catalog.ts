// What PostgreSQL's catalog knows of the tables in a namespace.

import type { Executor } from "../database.ts";
import * as sql from "./datasets.queries.ts";

/** A table, or a view, that exists. */
export interface ExistingTable {
  isTable: boolean;
  columns: ReadonlyMap<string, { type: string; notNull: boolean }>;
  /** The columns of the primary key in its order, and the name of its constraint. */
  key: readonly string[];
  keyName: string | undefined;
  /** The columns that come first in an index. */
  indexed: ReadonlySet<string>;
}

/** Everything in the namespace's schema that has columns, by name. */
export async function listTables(executor: Executor, namespace: string): Promise<Map<string, ExistingTable>> {
  const rows = await sql.listTableColumns(executor, { schema: namespace });
  const indexed = await sql.listIndexedColumns(executor, { schema: namespace });
  const indexes = new Map(indexed.map(({ table_name, columns }) => [table_name, columns]));
  const grouped = Map.groupBy(rows, (row) => row.table_name);
  return new Map([...grouped].map(([name, columns]) => [name, asTable(columns, indexes.get(name) ?? [])]));
}

function asTable(rows: readonly sql.ColumnRow[], indexed: readonly string[]): ExistingTable {
  const inKey = rows.filter((row) => row.key_place !== null);
  return {
    isTable: rows.every((row) => row.kind === "r" || row.kind === "p"),
    columns: new Map(
      rows.map((row) => [row.column_name, { type: catalogType(row.type), notNull: row.not_null }]),
    ),
    key: inKey.sort((a, b) => (a.key_place ?? 0) - (b.key_place ?? 0)).map((row) => row.column_name),
    keyName: rows[0]?.key_name ?? undefined,
    indexed: new Set(indexed),
  };
}

/** As the columns of datasets name it. */
function catalogType(type: string): string {
  return type === "timestamp with time zone" ? "timestamptz" : type;
}
