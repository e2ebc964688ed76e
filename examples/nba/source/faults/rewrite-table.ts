// Faults that change an answer in columns: a table with headers and rows.

import type { Answer } from "headworks-example-kit/source/answer.ts";
import { type ResultSet, resultSet } from "../game-log.ts";

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

type Changed = Omit<ResultSet, "rowSet"> & { readonly rowSet: readonly unknown[] };

/** The answer with another table, where it has one; otherwise as it was. */
export function rewriteTable(answer: Answer, rewrite: (table: ResultSet) => Changed): Answer {
  if (answer.kind !== "json" || !isFields(answer.value) || !Array.isArray(answer.value.resultSets))
    return answer;
  const [table] = answer.value.resultSets;
  return { ...answer, value: { ...answer.value, resultSets: [rewrite(resultSet.parse(table))] } };
}

/** Reads and writes the cells of a table's rows by the names of its columns. */
export function columnsOf({ headers }: ResultSet) {
  const at = (name: string) => headers.indexOf(name);
  return {
    text: (row: ResultSet["rowSet"][number], name: string) => String(row[at(name)]),
    number: (row: ResultSet["rowSet"][number], name: string) => Number(row[at(name)]),
    with: (row: ResultSet["rowSet"][number], name: string, value: string | number) =>
      row.with(at(name), value),
  };
}

/** Whether the value is an object of JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
