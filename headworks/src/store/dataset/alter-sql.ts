// Builds the SQL that changes the table of a dataset into what its definition says by now.

import type { Column } from "./columns.ts";
import { identifier, list, nameOf, type Table } from "./sql.ts";

export function addColumn(table: Table, column: Column): string {
  return `${alter(table)} add column ${identifier(column.name)} ${column.type}`;
}

export function dropColumn(table: Table, name: string): string {
  return `${alter(table)} drop column ${identifier(name)}`;
}

/** Rewrites the table; a value that can't be read as the new type stops it. */
export function changeType(table: Table, column: Column, from: string): string {
  const name = identifier(column.name);
  return `${alter(table)} alter column ${name} type ${column.type} using ${convertedTo(column, name, from)}`;
}

/** A value of another type as the column has it. */
export function convertedTo(column: Column, value: string, from: string): string {
  if (column.type === "jsonb") return `to_jsonb(${value})`;
  const text = from === "jsonb" ? `(${value} #>> '{}')` : `${value}::text`;
  return `${text}::${column.type}`;
}

export function setNotNull(table: Table, name: string): string {
  return `${alter(table)} alter column ${identifier(name)} set not null`;
}

export function dropNotNull(table: Table, name: string): string {
  return `${alter(table)} alter column ${identifier(name)} drop not null`;
}

/** Removes the rows that have nothing in a column that is to hold something in every row. */
export function deleteWithout(table: Table, name: string): string {
  return `delete from ${nameOf(table)} where ${identifier(name)} is null`;
}

export function changeKey(table: Table, constraint: string | undefined): string[] {
  const drop = constraint === undefined ? [] : [`${alter(table)} drop constraint ${identifier(constraint)}`];
  return [...drop, `${alter(table)} add primary key (${list(table.key)})`];
}

export function countRows(table: Table, without?: string): string {
  const where = without === undefined ? "" : ` where ${identifier(without)} is null`;
  return `select count(*) as rows from ${nameOf(table)}${where}`;
}

function alter(table: Table): string {
  return `alter table ${nameOf(table)}`;
}
