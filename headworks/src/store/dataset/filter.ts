// Checks the filters and sort orders of a read against the dataset's columns, and makes conditions of them.

import type { Dataset } from "../../define/dataset.ts";
import { HeadworksError } from "../../domain/error.ts";
import { type Column, columnsOf } from "./columns.ts";
import type { Condition, Selection } from "./sql.ts";
import { canonicalJson, findFault, normalized } from "./values.ts";

const BOUNDS = ["gt", "gte", "lt", "lte"] as const;
type Bound = (typeof BOUNDS)[number];

/** ReadOptions, whatever the row. */
interface OrderOptions {
  orderBy?: readonly (string | { column: string; direction: "asc" | "desc" })[];
  limit?: number;
}

/** What the filter asks for. Throws HeadworksError DATASET_FILTER_INVALID, before anything is read. */
export function conditionsOf(dataset: Dataset, filter: Readonly<Record<string, unknown>>): Condition[] {
  return Object.entries(filter).flatMap(([name, wanted]) => {
    const column = columnOf(dataset, name);
    if (wanted === undefined) {
      throw invalid(dataset, `${name} is undefined`, "leave the column out, or give it a value");
    }
    if (wanted === null) return [{ column, kind: "null" } as const];
    if (Array.isArray(wanted)) return [among(dataset, column, wanted)];
    if (column.type !== "jsonb" && typeof wanted === "object") return boundsOf(dataset, column, wanted);
    return [{ column, kind: "equal", value: sentValue(dataset, column, wanted) } as const];
  });
}

/** The columns to sort by and the limit. Throws HeadworksError DATASET_FILTER_INVALID. */
export function orderOf(dataset: Dataset, options: OrderOptions): Pick<Selection, "orderBy" | "limit"> {
  const orderBy = (options.orderBy ?? []).map((entry) => {
    const { column, direction } = typeof entry === "string" ? { column: entry, direction: "asc" } : entry;
    return { column: columnOf(dataset, column), descending: direction === "desc" };
  });
  const { limit } = options;
  if (limit === undefined) return { orderBy };
  if (Number.isSafeInteger(limit) && limit >= 0) return { orderBy, limit };
  throw invalid(dataset, `the limit ${limit} is not a number of rows`, "give a whole number, 0 or more");
}

function among(dataset: Dataset, column: Column, wanted: readonly unknown[]): Condition {
  const values = wanted.filter((value) => value !== null).map((value) => sentValue(dataset, column, value));
  return { column, kind: "among", values, orNull: values.length < wanted.length };
}

function boundsOf(dataset: Dataset, column: Column, wanted: object): Condition[] {
  const bounds = Object.entries(wanted);
  if (bounds.length === 0 || !bounds.every(([bound]) => isBound(bound))) {
    const told = bounds.map(([bound]) => bound).join(", ") || "nothing";
    throw invalid(
      dataset,
      `${column.name} is compared by ${told}`,
      `use a value, a list of values, or an object of ${BOUNDS.join(", ")}`,
    );
  }
  return bounds.map(([bound, value]) => ({
    column,
    kind: bound as Bound,
    value: sentValue(dataset, column, value),
  }));
}

function isBound(text: string): text is Bound {
  return (BOUNDS as readonly string[]).includes(text);
}

/** The value as it is sent: large integers and JSON as texts. */
function sentValue(dataset: Dataset, column: Column, wanted: unknown): unknown {
  const value = normalized(column.type, wanted);
  const json = canonicalJson(value);
  const fault = findFault(column.type, value, json);
  if (fault !== undefined)
    throw invalid(dataset, `${column.name}: ${fault}`, "compare a column with values of its own kind");
  if (column.type === "jsonb") return json;
  return typeof value === "bigint" ? String(value) : value;
}

function columnOf(dataset: Dataset, name: string): Column {
  const columns = columnsOf(dataset);
  const column = columns.find((each) => each.name === name);
  if (column !== undefined) return column;
  const names = columns.map((each) => each.name).join(", ");
  throw invalid(dataset, `there is no column ${name}`, `use one of: ${names}`);
}

function invalid(dataset: Dataset, message: string, hint: string): HeadworksError {
  return new HeadworksError({
    code: "DATASET_FILTER_INVALID",
    message: `reading ${dataset.name}: ${message}`,
    hint,
  });
}
