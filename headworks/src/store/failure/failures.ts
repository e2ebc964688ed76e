// Failed tasks as people see and steer them: found by a filter, retried in batches, resolved and ignored by fingerprint.

import { type FailureFilter, statesBefore } from "../../domain/settlement/failure.ts";
import type { Connection, Executor } from "../database.ts";
import { lockOutputs } from "../ledger/release.ts";
import { savePayload } from "../queue/payloads.ts";
import * as sql from "./failures.queries.ts";

export interface FailedFilter extends FailureFilter {
  namespace: string;
}

/** What a page of failures ended with: open or not (0, 1), how many tasks, and the fingerprint, empty for none. */
export type FailurePlace = readonly [rank: number, tasks: number, fingerprint: string];

/** Open failures first, then those of most tasks. */
export async function listFailures(
  executor: Executor,
  filter: FailedFilter,
  { after, limit }: { after?: FailurePlace | undefined; limit: number },
): Promise<sql.FailureListing[]> {
  const [after_rank, after_tasks, after_name] = after ?? [];
  return sql.listFailures(executor, { ...asked(filter), after_rank, after_tasks, after_name, limit });
}

/** In order of id, after the given one. */
export async function listFailedTasks(
  executor: Executor,
  filter: FailedFilter,
  { after, limit }: { after: number; limit: number },
): Promise<sql.FailedTask[]> {
  return sql.listFailedTasks(executor, { ...asked(filter), after_id: after, limit });
}

/** How many fit, up to the newest that is looked at; a retry leaves what comes after it alone. */
export async function countFailedTasks(
  executor: Executor,
  filter: FailedFilter,
  newestId?: number,
): Promise<sql.CountFailedTasksRow> {
  return sql.countFailedTasks(executor, { ...asked(filter), newest_id: newestId });
}

/** Puts these tasks back into their queues, as if each was asked for by hand: outputs first, in the order of their keys. Gives how many were still failed. */
export async function retryTasks(
  connection: Connection,
  tasks: readonly sql.FailedTask[],
  payload?: string,
): Promise<number> {
  const outputs = tasks.map((task) => task.output_id);
  await lockOutputs(connection, outputs, []);
  if (payload !== undefined) await savePayload(connection, outputs, payload);
  return (await sql.retryFailedTasks(connection, { output_ids: outputs })).length;
}

/** Those whose fingerprint begins so, at most `limit`. */
export async function findFailures(
  executor: Executor,
  namespace: string,
  beginning: string,
  limit: number,
): Promise<sql.FindFailuresRow[]> {
  return sql.findFailures(executor, { prefix: beginning, limit, namespace });
}

/** False when its state doesn't allow it. What fails in `version` doesn't reopen it; without one, whatever fails does. */
export async function resolveFailure(
  executor: Executor,
  namespace: string,
  fingerprint: string,
  { note, version }: { note: string; version?: string | undefined },
): Promise<boolean> {
  const resolved = await sql.resolveFailure(executor, {
    fingerprint,
    from_states: statesBefore("resolved"),
    version,
    note,
    namespace,
  });
  return resolved > 0;
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
  const ignored = await sql.ignoreFailure(executor, {
    fingerprint,
    from_states: statesBefore("ignored"),
    until,
    above,
    note,
    namespace,
  });
  return ignored > 0;
}

function asked({ namespace, ...filter }: FailedFilter) {
  return { namespace, filter };
}
