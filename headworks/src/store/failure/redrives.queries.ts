// The queries of redrives.sql, with the types that their headers declare. Written by npm run queries.

import type { RedriveState } from "../../domain/dispatch/redrive.ts";
import type { FailureFilter } from "../../domain/settlement/failure.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("redrives.sql", import.meta.url));

export interface Redrive {
  id: number;
  state: RedriveState;
  filter: FailureFilter;
  rate: number | null;
  tasks: number;
  retried: number;
  created_by: string;
  created_at: string;
  ended_at: string | null;
}

export interface CreateRedriveParams {
  namespace: string;
  filter: FailureFilter;
  newest_id: number;
  rate?: number | null | undefined;
  tasks: number;
  created_by: string;
}

export interface CreateRedriveRow {
  id: number;
}

/** Failed tasks that are to be put back into their queues. */
export const createRedrive = queries.one<CreateRedriveParams, CreateRedriveRow>("createRedrive");

export interface LockRunningRedrivesRow {
  id: number;
  namespace: string;
  filter: FailureFilter;
  newest_id: number;
  after_id: number;
  rate: number | null;
  allowance: number;
  looked_at: number;
  now: number;
}

/** Those that nobody else is putting forward at this moment, with the database's clock; instants in epoch milliseconds. */
export const lockRunningRedrives = queries.many<void, LockRunningRedrivesRow>("lockRunningRedrives");

export interface AdvanceRedriveParams {
  id: number;
  after_id: number;
  retried: number;
  allowance: number;
  looked_at: number;
  is_done: boolean;
}

/** What it has put back, and where it stands; it is done when nothing is left. */
export const advanceRedrive = queries.exec<AdvanceRedriveParams>("advanceRedrive");

export interface ListRedrivesParams {
  namespace: string;
  after_rank?: number | null | undefined;
  after_id?: number | null | undefined;
  limit: number;
}

/** The latest first, those that run before all, after the place where a page ended. */
export const listRedrives = queries.many<ListRedrivesParams, Redrive>("listRedrives");

export interface FindRedriveParams {
  id: number;
}

/** One of them. */
export const findRedrive = queries.maybe<FindRedriveParams, Redrive>("findRedrive");

export interface CancelRedriveParams {
  id: number;
}

/** Running → cancelled: what it hasn't put back stays failed. */
export const cancelRedrive = queries.exec<CancelRedriveParams>("cancelRedrive");
