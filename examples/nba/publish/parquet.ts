// Writes rows as a Parquet file, for those who would rather query than parse.

import { parquetWriteBuffer } from "hyparquet-writer";

type Cell = string | number | boolean | null;

/** The columns of a table, in order, and what is in them. Each may be null. */
export type Columns<Row> = { readonly [K in keyof Row & string]: "STRING" | "INT32" | "DOUBLE" | "BOOLEAN" };

/** The bytes of a Parquet file with these rows; `about` is kept in its metadata. A table without rows has its columns. */
export function toParquet<Row extends { [K in keyof Row]: Cell }>(
  rows: readonly Row[],
  columns: Columns<Row>,
  about: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const buffer = parquetWriteBuffer({
    columnData: names.map((name) => ({ name, type: columns[name], data: rows.map((row) => row[name]) })),
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: "headworks-example-nba",
  });
  return new Uint8Array(buffer);
}
