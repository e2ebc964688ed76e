// The queries of lineage.sql, with the types that their headers declare. Written by npm run queries.

import type { LedgerStatus } from "../../domain/settlement/states.ts";
import type { Column } from "../dataset/columns.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("lineage.sql", import.meta.url));

export interface AppliedDataset {
  name: string;
  columns: Column[];
  key: string[];
  owners: string[];
}

export interface UpstreamOutput {
  id: number;
  processor: string;
  partition: string;
  position: number;
  status: LedgerStatus;
  changed_by: string | null;
  run_id: string | null;
}

export interface ListAppliedDatasetsParams {
  namespace: string;
}

/** The datasets of a namespace, with their columns, keys, and the processors that own them. */
export const listAppliedDatasets = queries.many<ListAppliedDatasetsParams, AppliedDataset>("listAppliedDatasets");

export interface ListOutputsByNameParams {
  namespace: string;
  processor: string;
  partitions: readonly string[];
}

export interface ListOutputsByNameRow {
  id: number;
  partition: string;
  status: LedgerStatus;
  run_id: string | null;
  changed_by: string | null;
  settled_at: string | null;
}

/** Rows of the ledger by processor and partition, as a namespace sees them: its own where they are settled, else those of `prod`. */
export const listOutputsByName = queries.many<ListOutputsByNameParams, ListOutputsByNameRow>("listOutputsByName");

export interface ListUpstreamOutputsParams {
  output_ids: readonly number[];
}

/** What these outputs have edges to, by processor, those furthest down the pipeline first. */
export const listUpstreamOutputs = queries.many<ListUpstreamOutputsParams, UpstreamOutput>("listUpstreamOutputs");

export interface ListResponsesOfParams {
  run_ids: readonly string[];
  limit: number;
}

export interface ListResponsesOfRow {
  run_id: string;
  source: string;
  method: string;
  url: string;
  status: number;
  hash: string;
  fetched_at: string;
  total: number;
}

/** What sources answered to these runs, in order. */
export const listResponsesOf = queries.many<ListResponsesOfParams, ListResponsesOfRow>("listResponsesOf");
