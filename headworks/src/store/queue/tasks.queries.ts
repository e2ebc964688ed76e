// The queries of tasks.sql, with the types that their headers declare. Written by npm run queries.

import type { AskedState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("tasks.sql", import.meta.url));

/** A task that a worker runs, fenced by its id, the worker and the attempt; `rerun` if its output was complete when the run was asked for. */
export interface ClaimedTask {
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

export interface ClaimFromOpenQueueParams {
  queue: string;
  limit: number;
  worker: string;
  run_ids: readonly string[];
  code_version: string;
  only_outputs?: readonly number[] | null | undefined;
}

/** Ready → running, by priority, then due time, where the queue has no limits; the last parameter restricts it to some outputs. */
export const claimFromOpenQueue = queries.many<ClaimFromOpenQueueParams, ClaimedTask>("claimFromOpenQueue");

export interface ClaimFromLimitedQueueParams {
  queue: string;
  limit: number;
  worker: string;
  run_ids: readonly string[];
  code_version: string;
  alone: boolean;
  only_outputs?: readonly number[] | null | undefined;
}

/** Ready → running, as many as the queue's token bucket and concurrency grant at this instant by the database's clock; or of those that must run alone, each for a runner that does nothing else meanwhile. */
export const claimFromLimitedQueue = queries.many<ClaimFromLimitedQueueParams, ClaimedTask>("claimFromLimitedQueue");

export interface LockQueueOfAloneParams {
  queue: string;
}

export interface LockQueueOfAloneRow {
  name: string;
}

/** Locks the queue's row if it has a task that must run alone: a claim that follows in the same transaction then sees every claim before it. */
export const lockQueueOfAlone = queries.maybe<LockQueueOfAloneParams, LockQueueOfAloneRow>("lockQueueOfAlone");

export interface RequeueClaimsParams {
  worker: string;
  run_ids: readonly string[];
}

/** Running → ready: what was claimed under these run ids by a claim whose answer got lost, so that nothing of it ever ran. */
export const requeueClaims = queries.exec<RequeueClaimsParams>("requeueClaims");

export interface PromoteDueTasksParams {
  limit: number;
  namespace: string;
}

export interface PromoteDueTasksRow {
  promoted: number;
  next_due_ms: number | null;
  alone_ready: boolean;
}

/** Scheduled or waiting → ready once due, in every namespace; tells how many, how long until the next in milliseconds, and whether a task of this namespace must run alone. */
export const promoteDueTasks = queries.one<PromoteDueTasksParams, PromoteDueTasksRow>("promoteDueTasks");

export interface ChooseIsolatedParams {
  worker: string;
}

export interface ChooseIsolatedRow {
  chosen: boolean;
}

/** Makes this worker the one that starts nothing so as to isolate a poison pill, unless another that was chosen within three seconds runs less. One whose claims would be refused isn't chosen. */
export const chooseIsolated = queries.one<ChooseIsolatedParams, ChooseIsolatedRow>("chooseIsolated");

export interface RequestTaskParams {
  output_id: number;
  forced: boolean;
  from_archive: boolean;
  traceparent: string;
}

export interface RequestTaskRow {
  task_id: number;
  state: AskedState;
}

/** Makes the output's task ready now, whatever it waits for; a running one is left alone; a failed or waived output is expected again. Nothing of a retired processor. */
export const requestTask = queries.maybe<RequestTaskParams, RequestTaskRow>("requestTask");

/** Tells processes that listen of ready work; sent after the commit, and nothing depends on it. */
export const hintReadyTasks = queries.exec<void>("hintReadyTasks");
