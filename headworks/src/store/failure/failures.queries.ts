// The queries of failures.sql, with the types that their headers declare. Written by npm run queries.

import type { FailureFilter, FailureState } from "../../domain/settlement/failure.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("failures.sql", import.meta.url));

export interface FailedTask {
  id: number;
  output_id: number;
  processor: string;
  partition: string;
  queue: string;
  outcome: Outcome;
  reason: string | null;
  error: string | null;
  fingerprint: string | null;
  failure_state: FailureState | null;
  first_failed_at: string | null;
  failed_at: string | null;
  attempts_used: number;
}

export interface FailureListing {
  fingerprint: string | null;
  state: FailureState;
  tasks: number;
  count: number;
  processors: string[];
  processor: string;
  partition: string;
  outcome: Outcome;
  reason: string | null;
  error: string | null;
  first_failed_at: string | null;
  failed_at: string | null;
  note: string | null;
  resolved_version: string | null;
  ignored_until: string | null;
  ignored_above: number | null;
}

export interface ListFailedTasksParams {
  namespace: string;
  filter: FailureFilter;
  after_id: number;
  limit: number;
}

/** Failed tasks that fit a filter, in order of id after this one. */
export const listFailedTasks = queries.many<ListFailedTasksParams, FailedTask>("listFailedTasks");

export interface ListFailuresParams {
  namespace: string;
  filter: FailureFilter;
  after_rank?: number | null | undefined;
  after_tasks?: number | null | undefined;
  after_name?: string | null | undefined;
  limit: number;
}

/** Failed tasks that fit a filter, those with one fingerprint together, what is open and of most tasks first, after the place where a page ended. */
export const listFailures = queries.many<ListFailuresParams, FailureListing>("listFailures");

export interface CountFailedTasksParams {
  namespace: string;
  filter: FailureFilter;
  newest_id?: number | null | undefined;
}

export interface CountFailedTasksRow {
  tasks: number;
  newest_id: number;
}

/** How many failed tasks fit a filter, up to this id, and the newest of them. */
export const countFailedTasks = queries.one<CountFailedTasksParams, CountFailedTasksRow>("countFailedTasks");

export interface RetryFailedTasksParams {
  output_ids: readonly number[];
}

export interface RetryFailedTasksRow {
  output_id: number;
}

/** Failed → ready: of these outputs, whose rows the caller has locked, those whose task is failed; as if each was asked for by hand. */
export const retryFailedTasks = queries.many<RetryFailedTasksParams, RetryFailedTasksRow>("retryFailedTasks");

export interface FindFailuresParams {
  prefix: string;
  limit: number;
  namespace: string;
}

export interface FindFailuresRow {
  fingerprint: string;
  state: FailureState;
}

/** Failures of a namespace whose fingerprint begins so. */
export const findFailures = queries.many<FindFailuresParams, FindFailuresRow>("findFailures");

export interface ResolveFailureParams {
  fingerprint: string;
  from_states: readonly FailureState[];
  version?: string | null | undefined;
  note?: string | null | undefined;
  namespace: string;
}

/** What is in one of these states is resolved; what fails in the given version, if one is given, doesn't reopen it. */
export const resolveFailure = queries.exec<ResolveFailureParams>("resolveFailure");

export interface IgnoreFailureParams {
  fingerprint: string;
  from_states: readonly FailureState[];
  until?: string | null | undefined;
  above?: number | null | undefined;
  note?: string | null | undefined;
  namespace: string;
}

/** What is in one of these states is ignored until then, or until more than so many tasks fail with it in an hour. */
export const ignoreFailure = queries.exec<IgnoreFailureParams>("ignoreFailure");
