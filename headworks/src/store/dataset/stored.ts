// Datasets as they were applied, whatever the configuration says by now.

import type { Column } from "./columns.ts";
import type { Table } from "./sql.ts";

/** `ages`: rows go by it. */
export type StoredColumn = Pick<Column, "name" | "type" | "nullable"> & { ages?: boolean };

export interface StoredDataset {
  namespace: string;
  name: string;
  columns: StoredColumn[];
  key: string[];
}

export function storedTable({ namespace, name, columns, key }: StoredDataset): Table {
  const all = columns.map((column) => ({ ...column, absent: false }));
  const inKey = key.flatMap((each) => all.filter((column) => column.name === each));
  return {
    namespace,
    name,
    columns: all,
    key: inKey,
    agesBy: columns.find((each) => each.ages === true)?.name,
  };
}
