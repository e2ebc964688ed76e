// The queries of tasks-by-hand.sql, with the types that their headers declare. Written by npm run queries.

import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { AddedState, TaskState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("tasks-by-hand.sql", import.meta.url));

export interface AddedTask {
  partition: string;
  state: AddedState;
  due_at: string | null;
}

export interface TaskListing {
  id: number;
  processor: string;
  partition: string;
  queue: string;
  lane: string;
  state: TaskState;
  priority: number;
  priority_by_hand: boolean;
  due_at: string;
  expires_at: string | null;
  attempts_used: number;
  last_outcome: Outcome | null;
  last_reason: string | null;
  last_error: string | null;
}

export interface RememberKeyParams {
  key: string;
}

export interface RememberKeyRow {
  is_new: boolean;
}

/** Whether a key is new: not yet given within 24 hours. Older ones are forgotten, at most 1,000 at once. */
export const rememberKey = queries.one<RememberKeyParams, RememberKeyRow>("rememberKey");

export interface FindOutputsParams {
  namespace: string;
  processor: string;
  partitions: readonly string[];
}

export interface FindOutputsRow {
  id: number;
  partition: string;
}

/** The rows of the ledger of these partitions, in the order they are named in. */
export const findOutputs = queries.many<FindOutputsParams, FindOutputsRow>("findOutputs");

export interface AddTasksParams {
  output_ids: readonly number[];
  delay_s: number;
  every_s: number;
  priority?: number | null | undefined;
  expires_after_s?: number | null | undefined;
  lane: string;
}

/** A task for each of these outputs, the first after the delay, each next one so much later; one that is there is moved, unless it runs. The caller has locked the outputs. */
export const addTasks = queries.many<AddTasksParams, AddedTask>("addTasks");

export interface ListTasksParams {
  namespace: string;
  processor?: string | null | undefined;
  queue?: string | null | undefined;
  state?: string | null | undefined;
  lane?: string | null | undefined;
  after_id: number;
  limit: number;
}

/** Tasks after this id, in order of id. */
export const listTasks = queries.many<ListTasksParams, TaskListing>("listTasks");

export interface ListTasksOfParams {
  output_ids: readonly number[];
}

export interface ListTasksOfRow {
  id: number;
  output_id: number;
}

/** The tasks of these outputs. */
export const listTasksOf = queries.many<ListTasksOfParams, ListTasksOfRow>("listTasksOf");

export interface PrioritizeTasksParams {
  output_ids: readonly number[];
  priority?: number | null | undefined;
}

export interface PrioritizeTasksRow {
  partition: string;
  priority: number;
}

/** A priority by hand for the tasks of these outputs; null gives back that of their processor. */
export const prioritizeTasks = queries.many<PrioritizeTasksParams, PrioritizeTasksRow>("prioritizeTasks");

export interface ListExpiredParams {
  limit: number;
  namespace: string;
}

export interface ListExpiredRow {
  output_id: number;
}

/** Tasks of a namespace that ought to have begun by now. */
export const listExpired = queries.many<ListExpiredParams, ListExpiredRow>("listExpired");

export interface FailExpiredParams {
  output_ids: readonly number[];
}

export interface FailExpiredRow {
  output_id: number;
  processor: string;
  id: number;
}

/** Scheduled or ready → failed: those of these outputs' tasks that nobody has begun in time; the caller has locked the outputs. */
export const failExpired = queries.many<FailExpiredParams, FailExpiredRow>("failExpired");

export interface MarkExpiredParams {
  id: readonly number[];
  fingerprint: readonly string[];
}

/** What these tasks have failed with. */
export const markExpired = queries.exec<MarkExpiredParams>("markExpired");

export interface FailExpiredOutputsParams {
  id: readonly number[];
  fingerprint: readonly string[];
}

export interface FailExpiredOutputsRow {
  id: number;
}

/** The expected ones of these outputs failed: their time to begin is over. */
export const failExpiredOutputs = queries.many<FailExpiredOutputsParams, FailExpiredOutputsRow>("failExpiredOutputs");
