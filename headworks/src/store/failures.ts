// Failed tasks as people see and steer them: found by a filter, retried in batches, resolved and ignored by fingerprint.

import { type FailureState, statesBefore } from "../domain/failure.ts";
import { type Database, type Executor, transaction } from "./database.ts";
import { savePayload } from "./payloads.ts";
import { lockOutputs } from "./release.ts";
import { exec, findOne, many, queriesOf } from "./sql.ts";

const sql = queriesOf(
  "failures",
  "listFailedTasks",
  "listFailures",
  "countFailedTasks",
  "retryFailedTasks",
  "findFailures",
  "resolveFailure",
  "ignoreFailure",
);

const TASKS_AT_ONCE = 1_000;

/** What is left out fits everything. Instants are ISO 8601. */
export interface FailedFilter {
  namespace: string;
  pipeline?: string | undefined;
  phase?: string | undefined;
  processor?: string | undefined;
  partition?: string | undefined;
  queue?: string | undefined;
  outcome?: string | undefined;
  /** Or its beginning. */
  fingerprint?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  /** In the error's message, in capitals or not. */
  text?: string | undefined;
}

interface Failed {
  processor: string;
  partition: string;
  outcome: string;
  reason: string | null;
  error: string | null;
  /** Null for what failed before there were fingerprints. */
  fingerprint: string | null;
  first_failed_at: string | null;
  failed_at: string | null;
}

export interface FailedTask extends Failed {
  id: number;
  output_id: number;
  queue: string;
  failure_state: FailureState | null;
  attempts_used: number;
}

/** The failed tasks of one fingerprint; processor, partition and error are those of one of them. */
export interface FailureListing extends Failed {
  state: FailureState;
  tasks: number;
  /** How often a task failed with it, those that have been retried since too. */
  count: number;
  processors: string[];
  note: string | null;
  resolved_version: string | null;
  ignored_until: string | null;
}

export async function listFailures(
  executor: Executor,
  filter: FailedFilter,
  limit: number,
): Promise<FailureListing[]> {
  return many<Failed & FailureListing>(executor, sql.listFailures, [...valuesOf(filter), limit]);
}

/** In order of id, after the given one. */
export async function listFailedTasks(
  executor: Executor,
  filter: FailedFilter,
  { after, limit }: { after: number; limit: number },
): Promise<FailedTask[]> {
  return many<Failed & FailedTask>(executor, sql.listFailedTasks, [...valuesOf(filter), after, limit]);
}

/** How many fit; a retry leaves what comes after the newest alone. */
export async function countFailedTasks(
  executor: Executor,
  filter: FailedFilter,
): Promise<{ tasks: number; newest_id: number }> {
  const counted = await findOne<{ tasks: number; newest_id: number }>(
    executor,
    sql.countFailedTasks,
    valuesOf(filter),
  );
  return counted ?? { tasks: 0, newest_id: 0 };
}

export interface Retrying {
  /** Tasks with a higher id are left alone: one that fails again isn't met twice. */
  newestId: number;
  /** Handed over in place of what there was. */
  payload?: string | undefined;
  onProgress?: (retried: number) => void;
}

/** Makes ready what fits, in small committed batches; gives how many. */
export async function retryFailed(
  database: Database,
  filter: FailedFilter,
  { newestId, payload, onProgress = () => undefined }: Retrying,
): Promise<number> {
  let retried = 0;
  for (let after = 0; ; ) {
    const found = await listFailedTasks(database, filter, { after, limit: TASKS_AT_ONCE });
    const tasks = found.filter((task) => task.id <= newestId);
    if (tasks.length > 0) retried += await retryBatch(database, tasks, payload);
    onProgress(retried);
    if (tasks.length < TASKS_AT_ONCE) return retried;
    after = tasks.at(-1)?.id ?? after;
  }
}

/** Outputs first, in key order, and their tasks after: as a run that is asked for by hand. */
async function retryBatch(
  database: Database,
  tasks: readonly FailedTask[],
  payload: string | undefined,
): Promise<number> {
  const outputs = tasks.map((task) => task.output_id);
  return transaction(database, async (connection) => {
    await lockOutputs(connection, outputs, []);
    if (payload !== undefined) await savePayload(connection, outputs, payload);
    return (await many(connection, sql.retryFailedTasks, [outputs])).length;
  });
}

/** Those whose fingerprint begins so, at most `limit`. */
export async function findFailures(
  executor: Executor,
  beginning: string,
  limit: number,
): Promise<{ fingerprint: string; state: FailureState }[]> {
  return many(executor, sql.findFailures, [beginning, limit]);
}

/** False when its state doesn't allow it. What fails in `version` doesn't reopen it; without one, whatever fails does. */
export async function resolveFailure(
  executor: Executor,
  fingerprint: string,
  { note, version }: { note: string; version?: string | undefined },
): Promise<boolean> {
  const values = [fingerprint, statesBefore("resolved"), version ?? null, note];
  return (await exec(executor, sql.resolveFailure, values)) > 0;
}

/** False when its state doesn't allow it. */
export async function ignoreFailure(
  executor: Executor,
  fingerprint: string,
  { until, note }: { until: string; note?: string | undefined },
): Promise<boolean> {
  const values = [fingerprint, statesBefore("ignored"), until, note ?? null];
  return (await exec(executor, sql.ignoreFailure, values)) > 0;
}

function valuesOf(filter: FailedFilter): (string | null)[] {
  const { namespace, pipeline, phase, processor, queue, outcome, fingerprint, since, until, text } = filter;
  const values = [namespace, pipeline, phase, processor, queue, outcome, fingerprint, since, until, text];
  return [...values, filter.partition].map((value) => value ?? null);
}
