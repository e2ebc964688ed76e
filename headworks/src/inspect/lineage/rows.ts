// The rows of one processor that an item came from, or, where nothing tells them apart, how many rows its partitions have.

import type { FoundRows } from "../../contract/lineage.ts";
import type { Executor } from "../../store/database.ts";
import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import { listOriginRows } from "../../store/history/lineage.ts";
import { conditionsFor, eitherOf, type Item, itemOf } from "./item.ts";

/** Where rows are looked for: partitions of a processor with the datasets that it owns. */
interface Search {
  executor: Executor;
  namespace: string;
  processor: string;
  partitions: readonly string[];
  datasets: readonly AppliedDataset[];
  /** Undefined: all rows of the partitions. */
  item: Item | undefined;
}

interface Found {
  rows: FoundRows[];
  byItem: boolean;
  /** Of the item's rows. */
  partitions: Set<string>;
  runs: Set<string>;
  /** What is known of it further up; undefined when it is lost here. */
  item: Item | undefined;
}

/** How many rows are followed; an item of more is none, and whole partitions are followed. */
const ROWS_FOLLOWED = 10_000;
const ROWS_SHOWN = 5;

/** The rows of the item; all rows of the partitions when there is none, or none of its rows can be told. */
export async function findRows(search: Search): Promise<Found> {
  return (search.item && (await findItem(search, search.item))) ?? countRows(search);
}

async function findItem(search: Search, item: Item): Promise<Found | undefined> {
  const found: Found = { ...nothing(), byItem: true };
  for (const dataset of search.datasets) {
    const conditions = conditionsFor(item, dataset);
    if (conditions.size === 0) continue;
    const { rows, total } = await listRows(search, dataset, conditions, ROWS_FOLLOWED);
    if (total === 0 || total > rows.length) continue;
    found.rows.push({ dataset: dataset.name, key: dataset.key, total, first: rows.slice(0, ROWS_SHOWN) });
    for (const row of rows) {
      found.partitions.add(row._partition);
      found.runs.add(row._run);
    }
    found.item = eitherOf(found.item, itemOf(dataset, rows, item.known));
  }
  return found.rows.length > 0 ? found : undefined;
}

/** A processor without rows of its own loses nothing: the item is looked for beyond it. */
async function countRows(search: Search): Promise<Found> {
  const found = { ...nothing(), item: search.datasets.length === 0 ? search.item : undefined };
  for (const dataset of search.datasets) {
    const { rows: first, total } = await listRows(search, dataset, new Map(), ROWS_SHOWN);
    found.rows.push({ dataset: dataset.name, key: dataset.key, total, first });
  }
  return found;
}

function listRows(
  { executor, namespace, processor, partitions }: Search,
  dataset: AppliedDataset,
  conditions: ReadonlyMap<string, readonly string[]>,
  limit: number,
) {
  const scope = new Map([["_processor", [processor]], ["_partition", partitions], ...conditions]);
  return listOriginRows(executor, namespace, dataset, scope, limit);
}

function nothing(): Found {
  return { rows: [], byItem: false, partitions: new Set(), runs: new Set(), item: undefined };
}
