// Arrays as PostgreSQL reads them. The driver puts every element into quotes and looks for some within; most need none.

/** Numbers, and nulls among them. */
export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** Texts, and nulls among them. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : element(value))).join(",")}}`;
}

/** Identifiers, partitions and the like stay as they are. */
function element(text: string): string {
  if (/^[\w:.+-]+$/.test(text) && !/^null$/i.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** One row of what a query takes in columns, an array for each. */
export type RowOf<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends readonly (infer Value)[] ? Value : never;
};

/** Rows as columns: of `{id, at}[]`, the arrays `id` and `at`. Every row has the same fields. */
export function inColumns<Row extends object>(rows: readonly Row[]): { [Name in keyof Row]: Row[Name][] } {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  const columns = names.map((name) => [name, rows.map((row) => row[name])]);
  return Object.fromEntries(columns) as { [Name in keyof Row]: Row[Name][] };
}
