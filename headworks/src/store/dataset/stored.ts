// Datasets as they were applied, whatever the configuration says by now.

import type { StoredDataset } from "./datasets.queries.ts";
import type { Table } from "./sql.ts";

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
