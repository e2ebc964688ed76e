// Deletes the rows of datasets that are older than their age, in small batches, in every namespace that has the table.

import type { Dataset } from "../../define/dataset.ts";
import type { Database } from "../database.ts";
import { nothingFrom, type Pruned, type Pruning, removeBatch } from "../retention/removal.ts";
import { countOldRows, deleteOldRows } from "./age-sql.ts";
import * as sql from "./datasets.queries.ts";
import { type Table, tableOf } from "./sql.ts";

const ROWS_AT_ONCE = 1_000;

/** A table whose rows grow old by a column, with their age in milliseconds. */
export interface AgingTable {
  /** With its namespace: `prod.odds`. */
  name: string;
  table: Table;
  by: string;
  keepMs: number;
}

/** The tables of these datasets, as far as they have been made and have the column. */
export async function listAgingTables(
  database: Database,
  datasets: readonly { dataset: Dataset; by: string; keepMs: number }[],
): Promise<AgingTable[]> {
  if (datasets.length === 0) return [];
  const applied = await sql.listEveryDataset(database);
  return applied.flatMap(({ namespace, name, columns }) =>
    datasets
      .filter(({ dataset, by }) => dataset.name === name && columns.some((column) => column.name === by))
      .map(({ dataset, by, keepMs }) => ({
        name: `${namespace}.${name}`,
        table: tableOf(namespace, dataset),
        by,
        keepMs,
      })),
  );
}

/** Each batch commits for itself. The ledger stays as it is: nothing runs again for them. */
export async function pruneDataset(
  pruning: Pruning,
  { name, table, by, keepMs }: AgingTable,
): Promise<Pruned> {
  const text = deleteOldRows(table, by);
  const pruned = nothingFrom(name);
  for (;;) {
    const { removed } = await removeBatch(pruning, pruned, async (connection) => {
      const { rowCount } = await connection.query(text, [keepMs, table.namespace, ROWS_AT_ONCE]);
      return { removed: { rows: rowCount ?? 0 } };
    });
    if (removed.rows < ROWS_AT_ONCE) return pruned;
  }
}

export async function countOldRowsOf(database: Database, { table, by, keepMs }: AgingTable): Promise<number> {
  const { rows } = await database.query<{ rows: number }>(countOldRows(table, by), [keepMs, table.namespace]);
  return Number(rows[0]?.rows ?? 0);
}
