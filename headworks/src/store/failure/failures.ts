// Failed tasks as people see and steer them: found by a filter, retried in batches, resolved and ignored by fingerprint.

import { type FailureState, statesBefore } from "../../domain/settlement/failure.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { Connection, Executor } from "../database.ts";
import { lockOutputs } from "../ledger/release.ts";
import { savePayload } from "../queue/payloads.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "failure/failures",
  "listFailedTasks",
  "listFailures",
  "countFailedTasks",
  "retryFailedTasks",
  "findFailures",
  "resolveFailure",
  "ignoreFailure",
);

/** What is left out fits everything. Instants are ISO 8601. */
export interface FailedFilter {
  namespace: string;
  pipeline?: string | undefined;
  phase?: string | undefined;
  processor?: string | undefined;
  partition?: string | undefined;
  queue?: string | undefined;
  outcome?: Outcome | undefined;
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
  outcome: Outcome;
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
  /** Tasks in an hour above which it is open again. */
  ignored_above: number | null;
}

/** What a page of failures ended with: open or not (0, 1), how many tasks, and the fingerprint, empty for none. */
export type FailurePlace = readonly [rank: number, tasks: number, fingerprint: string];

/** Open failures first, then those of most tasks. */
export async function listFailures(
  executor: Executor,
  filter: FailedFilter,
  { after, limit }: { after?: FailurePlace | undefined; limit: number },
): Promise<FailureListing[]> {
  const place = after ?? [null, null, null];
  return many<Failed & FailureListing>(executor, sql.listFailures, [...valuesOf(filter), ...place, limit]);
}

/** In order of id, after the given one. */
export async function listFailedTasks(
  executor: Executor,
  filter: FailedFilter,
  { after, limit }: { after: number; limit: number },
): Promise<FailedTask[]> {
  return many<Failed & FailedTask>(executor, sql.listFailedTasks, [...valuesOf(filter), after, limit]);
}

/** How many fit, up to the newest that is looked at; a retry leaves what comes after it alone. */
export async function countFailedTasks(
  executor: Executor,
  filter: FailedFilter,
  newestId?: number,
): Promise<{ tasks: number; newest_id: number }> {
  const counted = await findOne<{ tasks: number; newest_id: number }>(executor, sql.countFailedTasks, [
    ...valuesOf(filter),
    newestId ?? null,
  ]);
  return counted ?? { tasks: 0, newest_id: 0 };
}

/** Puts these tasks back into their queues, as if each was asked for by hand: outputs first, in the order of their keys. Gives how many were still failed. */
export async function retryTasks(
  connection: Connection,
  tasks: readonly FailedTask[],
  payload?: string,
): Promise<number> {
  const outputs = tasks.map((task) => task.output_id);
  await lockOutputs(connection, outputs, []);
  if (payload !== undefined) await savePayload(connection, outputs, payload);
  return (await many(connection, sql.retryFailedTasks, [outputs])).length;
}

/** Those whose fingerprint begins so, at most `limit`. */
export async function findFailures(
  executor: Executor,
  namespace: string,
  beginning: string,
  limit: number,
): Promise<{ fingerprint: string; state: FailureState }[]> {
  return many(executor, sql.findFailures, [beginning, limit, namespace]);
}

/** False when its state doesn't allow it. What fails in `version` doesn't reopen it; without one, whatever fails does. */
export async function resolveFailure(
  executor: Executor,
  namespace: string,
  fingerprint: string,
  { note, version }: { note: string; version?: string | undefined },
): Promise<boolean> {
  const values = [fingerprint, statesBefore("resolved"), version ?? null, note, namespace];
  return (await exec(executor, sql.resolveFailure, values)) > 0;
}

/** False when its state doesn't allow it. */
export async function ignoreFailure(
  executor: Executor,
  namespace: string,
  fingerprint: string,
  {
    until,
    above,
    note,
  }: { until?: string | undefined; above?: number | undefined; note?: string | undefined },
): Promise<boolean> {
  const values = [
    fingerprint,
    statesBefore("ignored"),
    until ?? null,
    above ?? null,
    note ?? null,
    namespace,
  ];
  return (await exec(executor, sql.ignoreFailure, values)) > 0;
}

function valuesOf({ namespace, ...filter }: FailedFilter): [string, object] {
  return [namespace, filter];
}
