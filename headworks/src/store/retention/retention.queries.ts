// The queries of retention.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("retention.sql", import.meta.url));

export interface LockRetentionRow {
  locked: boolean;
  lock_timeout: string;
}

/** One process at a time, until the end of its transaction; nobody waits long for a table that is in use. */
export const lockRetention = queries.one<void, LockRetentionRow>("lockRetention");

export interface ListTimePartitionsParams {
  table: string;
}

export interface ListTimePartitionsRow {
  name: string;
  from: string;
  to: string;
  bytes: number;
  now: string;
}

/** The partitions of a table that is divided by time, but for the default one; sizes with their indexes; and what time it is. */
export const listTimePartitions = queries.many<ListTimePartitionsParams, ListTimePartitionsRow>("listTimePartitions");

export interface MakeWeekParams {
  table: string;
  week: string;
}

/** A partition of a table for one week, with what the default one holds of it. */
export const makeWeek = queries.exec<MakeWeekParams>("makeWeek");

export interface DropWeekParams {
  table: string;
  name: string;
}

/** A partition of a table, with all that it holds. */
export const dropWeek = queries.exec<DropWeekParams>("dropWeek");

export interface DeleteStrayLogsParams {
  keep_ms: number;
  limit: number;
}

/** Lines in the default partition that are older than so many milliseconds, at most as many as said. */
export const deleteStrayLogs = queries.exec<DeleteStrayLogsParams>("deleteStrayLogs");

export interface DeleteStrayMetricsParams {
  keep_ms: number;
  limit: number;
}

/** Measurements in the default partition that are older than so many milliseconds, at most as many as said. */
export const deleteStrayMetrics = queries.exec<DeleteStrayMetricsParams>("deleteStrayMetrics");

export interface DeleteStrayRejectedRowsParams {
  keep_ms: number;
  limit: number;
}

/** Rejected rows in the default partition that are older than so many milliseconds, at most as many as said. */
export const deleteStrayRejectedRows = queries.exec<DeleteStrayRejectedRowsParams>("deleteStrayRejectedRows");

export interface DeleteOldEventsParams {
  keep_ms: number;
  limit: number;
}

/** Events, older than so many milliseconds, at most as many as said. */
export const deleteOldEvents = queries.exec<DeleteOldEventsParams>("deleteOldEvents");

export interface DeleteOldAuditRowsParams {
  keep_ms: number;
  limit: number;
}

/** What people did, older than so many milliseconds, at most as many as said. */
export const deleteOldAuditRows = queries.exec<DeleteOldAuditRowsParams>("deleteOldAuditRows");

export interface DeleteResolvedTasksParams {
  keep_ms: number;
  limit: number;
}

/** Failed tasks whose failure is resolved, and which failed more than so many milliseconds ago, at most as many as said. */
export const deleteResolvedTasks = queries.exec<DeleteResolvedTasksParams>("deleteResolvedTasks");

export interface DeleteOldFailuresParams {
  keep_ms: number;
  limit: number;
}

/** What no task fails with any more, and came last more than so many milliseconds ago, at most as many as said. */
export const deleteOldFailures = queries.exec<DeleteOldFailuresParams>("deleteOldFailures");

export interface DeleteOldRedrivesParams {
  keep_ms: number;
  limit: number;
}

/** Redrives that ended more than so many milliseconds ago, at most as many as said. */
export const deleteOldRedrives = queries.exec<DeleteOldRedrivesParams>("deleteOldRedrives");

export interface CountOldRowsParams {
  keep_ms: readonly number[];
}

export interface CountOldRowsRow {
  table: string;
  rows: number;
}

/** What would be deleted row by row, for the ages in milliseconds of logs, metrics, rejected rows, events, the audit log, failed tasks whose failure is resolved, failures that no task has, and redrives. */
export const countOldRows = queries.many<CountOldRowsParams, CountOldRowsRow>("countOldRows");

export interface ListRunWeeksRow {
  week: string;
  name: string;
  successes: boolean;
  from: string;
  to: string;
  bytes: number;
}

/** The weeks that runs are divided by, each with its two halves: those that succeeded, and the others. */
export const listRunWeeks = queries.many<void, ListRunWeeksRow>("listRunWeeks");

export interface ReadRunWeeksStartRow {
  since: string;
  now: string;
}

/** Since when there may be weeks of runs, which is where the partition of all that is older ends; and what time it is. */
export const readRunWeeksStart = queries.one<void, ReadRunWeeksStartRow>("readRunWeeksStart");

export interface MakeRunWeekParams {
  week: string;
}

/** A partition of runs for one week, with what the default one holds of it. */
export const makeRunWeek = queries.exec<MakeRunWeekParams>("makeRunWeek");

export interface DropRunSuccessesParams {
  name: string;
}

/** The runs of a week that succeeded. */
export const dropRunSuccesses = queries.exec<DropRunSuccessesParams>("dropRunSuccesses");

export interface DropRunWeekParams {
  name: string;
}

/** All runs of a week but those of tasks that are still there, which stay by default. */
export const dropRunWeek = queries.exec<DropRunWeekParams>("dropRunWeek");

export interface DeleteOldRunsParams {
  after_id: string;
  keep_successes_ms: number;
  keep_others_ms: number;
  limit: number;
}

export interface DeleteOldRunsRow {
  last_id: string | null;
  looked: number;
  deleted: number;
}

/** Of the next so many runs after this one that are in no week, those older than the milliseconds for successes and for all others; those of a task that is still there stay, a failed one until its failure is resolved. */
export const deleteOldRuns = queries.one<DeleteOldRunsParams, DeleteOldRunsRow>("deleteOldRuns");

export interface CountOldRunsParams {
  keep_successes_ms: number;
  keep_others_ms: number;
}

export interface CountOldRunsRow {
  rows: number;
}

/** Runs in no week that would go, by the milliseconds for successes and for all others. */
export const countOldRuns = queries.one<CountOldRunsParams, CountOldRunsRow>("countOldRuns");
