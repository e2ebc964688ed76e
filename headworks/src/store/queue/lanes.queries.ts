// The queries of lanes.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("lanes.sql", import.meta.url));

export interface DeclaredLane {
  queue: string;
  name: string;
  weight: number;
  rate: number | null;
  burst: number;
}

export interface LaneRow {
  name: string;
  is_own: boolean;
  weight: number;
  ready: number;
  running: number;
  tokens: number | null;
  pass: number;
  max_concurrent: number | null;
  queue_tokens: number | null;
  now_us: number;
}

export interface LockQueueOfLanesParams {
  queue: string;
  worker: string;
  code_version: string;
  namespace: string;
}

export interface LockQueueOfLanesRow {
  name: string;
}

/** Locks the queue's row for a claim, unless it is paused, the worker's lease is over or another code version is registered in its namespace. */
export const lockQueueOfLanes = queries.maybe<LockQueueOfLanesParams, LockQueueOfLanesRow>("lockQueueOfLanes");

export interface ReadLanesParams {
  queue: string;
  limit: number;
  alone: boolean;
  only_outputs?: readonly number[] | null | undefined;
  namespace: string;
}

/** The lanes of a queue whose row the caller has locked, with what each could start (at most so many), at one instant. A claim of `prod` competes with no other namespace, and one of another namespace with `prod` alone. */
export const readLanes = queries.many<ReadLanesParams, LaneRow>("readLanes");

export interface ClaimFromLanesParams {
  queue: string;
  worker: string;
  run_ids: readonly string[];
  alone: boolean;
  only_outputs?: readonly number[] | null | undefined;
  lane: readonly string[];
  slots: readonly number[];
  start: readonly number[];
  tokens: readonly (number | null)[];
  queue_tokens?: number | null | undefined;
  now_us: number;
}

export interface ClaimFromLanesRow {
  id: number;
  output_id: number;
  processor: string;
  partition: string;
  namespace: string;
  attempt: number;
  attempts_used: number;
  alone: boolean;
  deaths_alone: number;
  waiting_since: string | null;
  first_claimed_at: string | null;
  run_id: string;
  due_at: string;
  claimed_at: string;
  traceparent: string | null;
  from_archive: boolean;
  forced: boolean;
  rerun: boolean;
}

/** Ready → running: so many of each of these lanes, by priority, then due time; each lane's tokens and pass, and the queue's tokens, are moved by what was taken. */
export const claimFromLanes = queries.many<ClaimFromLanesParams, ClaimFromLanesRow>("claimFromLanes");

export interface UpsertLanesParams {
  lanes: readonly DeclaredLane[];
}

/** The lanes of `prod` as declared; tokens and passes are kept, and a lane that is no longer declared goes. */
export const upsertLanes = queries.exec<UpsertLanesParams>("upsertLanes");

export interface InsertNamespaceLanesParams {
  namespace: string;
  queues: readonly string[];
}

/** A lane in each of these queues for the work of a namespace. */
export const insertNamespaceLanes = queries.exec<InsertNamespaceLanesParams>("insertNamespaceLanes");

/** Tasks of `prod` in a lane that their queue hasn't got go to live. */
export const moveStrayTasks = queries.exec<void>("moveStrayTasks");

export interface ListLanesOfParams {
  processor: string;
}

export interface ListLanesOfRow {
  name: string;
}

/** The lanes of the queue of a processor of `prod`. */
export const listLanesOf = queries.many<ListLanesOfParams, ListLanesOfRow>("listLanesOf");

export interface ListLanesRow {
  queue: string;
  name: string;
  weight: number;
  rate: number | null;
  burst: number;
  tokens: number | null;
  scheduled: number;
  ready: number;
  running: number;
  waiting: number;
  failed: number;
}

/** The lanes of every queue that has some: their limits, the tokens they hold now, and their tasks by state. */
export const listLanes = queries.many<void, ListLanesRow>("listLanes");
