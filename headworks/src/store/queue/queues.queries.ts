// The queries of queues.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("queues.sql", import.meta.url));

export interface ListQueuesRow {
  name: string;
  paused_at: string | null;
  rate: number | null;
  burst: number;
  max_concurrent: number | null;
  tokens: number | null;
  scheduled: number;
  ready: number;
  running: number;
  waiting: number;
  failed: number;
}

/** Each queue that is used: its limits, the tokens it holds now, and its tasks by state. */
export const listQueues = queries.many<void, ListQueuesRow>("listQueues");

export interface PauseQueueParams {
  name: string;
}

export interface PauseQueueRow {
  paused_at: string;
  was_paused: boolean;
}

/** From now on nothing is claimed from it; one that is paused stays so since then. */
export const pauseQueue = queries.one<PauseQueueParams, PauseQueueRow>("pauseQueue");

export interface ResumeQueueParams {
  name: string;
}

export interface ResumeQueueRow {
  was_paused: boolean;
}

/** It is claimed from again, with the tokens that have come in meanwhile, at most a burst. */
export const resumeQueue = queries.one<ResumeQueueParams, ResumeQueueRow>("resumeQueue");

export interface CountPurgeableParams {
  queue: string;
  namespace: string;
}

export interface CountPurgeableRow {
  purgeable: number;
  running: number;
  failed: number;
  newest_id: number;
}

/** How many tasks of a namespace a purge would delete now, how many it would leave, and the newest that it may touch. */
export const countPurgeable = queries.one<CountPurgeableParams, CountPurgeableRow>("countPurgeable");

export interface ListPurgeableParams {
  queue: string;
  after_id: number;
  newest_id: number;
  limit: number;
  namespace: string;
}

export interface ListPurgeableRow {
  id: number;
  output_id: number;
}

/** Tasks of a namespace that wait for their turn, in order of id, after the first and up to the second id. */
export const listPurgeable = queries.many<ListPurgeableParams, ListPurgeableRow>("listPurgeable");

export interface DeleteIdleTasksParams {
  queue?: string | null | undefined;
  ids: readonly number[];
}

export interface DeleteIdleTasksRow {
  output_id: number;
}

/** Of these tasks, of one queue or of all, those that nobody holds and that still wait for their turn; the caller has locked their outputs. */
export const deleteIdleTasks = queries.many<DeleteIdleTasksParams, DeleteIdleTasksRow>("deleteIdleTasks");

export interface WaiveOutputsParams {
  output_ids: readonly number[];
  reason: string;
}

export interface WaiveOutputsRow {
  id: number;
}

/** The expected ones of these outputs: nobody expects them any more, for this reason. What was settled before stays as it is. */
export const waiveOutputs = queries.many<WaiveOutputsParams, WaiveOutputsRow>("waiveOutputs");
