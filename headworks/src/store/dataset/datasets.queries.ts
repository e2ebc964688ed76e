// The queries of datasets.sql, with the types that their headers declare. Written by npm run queries.

import type { StoredColumn } from "./columns.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("datasets.sql", import.meta.url));

export interface ColumnRow {
  table_name: string;
  kind: string;
  column_name: string;
  type: string;
  not_null: boolean;
  key_place: number | null;
  key_name: string | null;
}

export interface StoredDataset {
  namespace: string;
  name: string;
  columns: StoredColumn[];
  key: string[];
}

export interface ListTableColumnsParams {
  schema: string;
}

/** The columns of every table and view of a namespace's schema, with the place of each in its primary key. */
export const listTableColumns = queries.many<ListTableColumnsParams, ColumnRow>("listTableColumns");

export interface ListIndexedColumnsParams {
  schema: string;
}

export interface ListIndexedColumnsRow {
  table_name: string;
  columns: string[];
}

/** The tables of a namespace's schema with the columns by which they have an index, each the first in it. */
export const listIndexedColumns = queries.many<ListIndexedColumnsParams, ListIndexedColumnsRow>("listIndexedColumns");

export interface ListDatasetsParams {
  namespace: string;
}

export interface ListDatasetsRow {
  name: string;
}

/** The datasets that were applied to a namespace. */
export const listDatasets = queries.many<ListDatasetsParams, ListDatasetsRow>("listDatasets");

/** The datasets of all namespaces as they were applied. */
export const listEveryDataset = queries.many<void, StoredDataset>("listEveryDataset");

export interface SaveDatasetParams {
  namespace: string;
  name: string;
  columns: readonly StoredColumn[];
  key: readonly string[];
}

/** Remembers what was applied. */
export const saveDataset = queries.exec<SaveDatasetParams>("saveDataset");

export interface LockDatasetsParams {
  namespace: string;
}

/** One at a time changes the tables of a namespace; released with the transaction. */
export const lockDatasets = queries.exec<LockDatasetsParams>("lockDatasets");

export interface CountStagedRowsOfParams {
  run_ids: readonly string[];
  dataset: string;
}

export interface CountStagedRowsOfRow {
  run_id: string;
  rows: number;
}

/** How many rows of each run were staged for a dataset. */
export const countStagedRowsOf = queries.many<CountStagedRowsOfParams, CountStagedRowsOfRow>("countStagedRowsOf");
