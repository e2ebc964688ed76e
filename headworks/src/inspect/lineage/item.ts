// Follows one item through datasets: the columns by which rows of one dataset are those that rows of another came from.

import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import type { KnownValues, OriginRow } from "../../store/history/lineage.ts";

/** Values by column; the type too, since a column of the same name and another type is another thing. */
type Values = ReadonlyMap<string, { type: string; values: ReadonlySet<string> }>;

/** What is known of an item when its rows are looked for one step further up. */
export interface Item {
  /** What the keys of its rows say. Rows upstream that have such a column have one of these values there. */
  known: Values;
  /** What else its rows say: where nothing known fits, it may be the key of rows upstream. */
  mentioned: Values;
}

/** An item as its rows tell it, on top of what was known before. */
export function itemOf(
  dataset: AppliedDataset,
  rows: readonly OriginRow[],
  before: Values = new Map(),
): Item {
  const told = dataset.columns.filter((column) => !isTime(column, rows));
  const own = (isKey: boolean) =>
    new Map(
      told
        .filter(({ name, type }) => dataset.key.includes(name) === isKey && type !== "jsonb")
        .map(({ name, type }) => [name, { type, values: valuesOf(rows, name) }]),
    );
  return { known: new Map([...before, ...own(true)]), mentioned: own(false) };
}

/** One item that is either: what is known of both. */
export function eitherOf(a: Item | undefined, b: Item): Item {
  if (a === undefined) return b;
  return { known: united(a.known, b.known), mentioned: united(a.mentioned, b.mentioned) };
}

/** By which columns, with which values, the item's rows of a dataset are found; empty when nothing tells them apart. */
export function conditionsFor(item: Item, dataset: AppliedDataset): KnownValues {
  const all = united(item.known, item.mentioned);
  const fitting = (values: Values, names: (column: string) => boolean) =>
    dataset.columns.filter(({ name, type }) => names(name) && values.get(name)?.type === type);
  const known = fitting(item.known, () => true);
  const columns = known.length > 0 ? known : fitting(item.mentioned, (name) => dataset.key.includes(name));
  return new Map(columns.map(({ name }) => [name, [...(all.get(name)?.values ?? [])]]));
}

function united(a: Values, b: Values): Values {
  const both = new Map(a);
  for (const [name, { type, values }] of b) {
    const other = both.get(name);
    if (other !== undefined && other.type !== type) continue;
    both.set(name, { type, values: new Set([...(other?.values ?? []), ...values]) });
  }
  return both;
}

function valuesOf(rows: readonly OriginRow[], column: string): Set<string> {
  return new Set(rows.flatMap((row) => (row[column] === null ? [] : [String(row[column])])));
}

/** A calendar partition's key, as in `2026-01-14`, `2026-W03` or `2026-01-14T05-05:00`. */
const CALENDAR_KEY = /^\d{4}-(W\d\d|\d\d(-\d\d(T.+)?)?)$/;

/** Time is what edges map from partition to partition: the day of a row says nothing of the rows of the days before. */
function isTime({ name, type }: { name: string; type: string }, rows: readonly OriginRow[]): boolean {
  if (type === "date" || type === "timestamptz") return true;
  return rows.every((row) => row[name] === row._partition && CALENDAR_KEY.test(row._partition));
}
