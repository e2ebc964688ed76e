// Tasks as people ask for them: added for later or staggered, listed, cancelled, prioritized; and those that expire.

import { SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import { LIVE } from "../../domain/dispatch/lanes.ts";
import { fingerprintOf } from "../../domain/settlement/fingerprint.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { TaskState } from "../../domain/settlement/states.ts";
import { type Connection, type Database, type Executor, transaction } from "../database.ts";
import { lockOutputs, releaseDownstream } from "../ledger/release.ts";
import { recordFailures } from "../ledger/settlement.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";
import { dropIdleTasks, type Purged } from "./queues.ts";

const sql = queriesOf(
  "queue/tasks-by-hand",
  "rememberKey",
  "findOutputs",
  "addTasks",
  "listTasks",
  "listTasksOf",
  "prioritizeTasks",
  "listExpired",
  "failExpired",
  "markExpired",
  "failExpiredOutputs",
);

const EXPIRED_AT_ONCE = 500;
/** What all that expire have in common, but for their processor. */
const EXPIRED = {
  outcome: "timeout",
  reason: "expired",
  partition: SINGLE_KEY,
  waitsFor: null,
  error: null,
  note: null,
} as const;

interface ExpiredTask extends Record<string, unknown> {
  id: number;
  output_id: number;
  processor: string;
}

/** The outputs of these partitions that the ledger has, in the order they are named in. */
export async function findOutputs(
  executor: Executor,
  namespace: string,
  processor: string,
  partitions: readonly string[],
): Promise<{ id: number; partition: string }[]> {
  return many(executor, sql.findOutputs, [namespace, processor, partitions]);
}

/** Whether nothing was added under this key within the last 24 hours; from now on something is. */
export async function rememberKey(connection: Connection, key: string): Promise<boolean> {
  return (await findOne<{ is_new: boolean }>(connection, sql.rememberKey, [key]))?.is_new ?? false;
}

export interface AddedTask {
  partition: string;
  /** `running`: it was left alone. */
  state: "scheduled" | "ready" | "running";
  due_at: string | null;
}

/** Milliseconds; `expiresAfterMs` counts from when a task is due. Undefined is the processor's priority, and no expiry. */
export interface Adding {
  delayMs: number;
  everyMs: number;
  priority?: number | undefined;
  expiresAfterMs?: number | undefined;
  /** Default: `live`. */
  lane?: string | undefined;
}

/** Adds a task for each of these outputs; one that is there already is moved, unless it runs. */
export async function addTasks(
  connection: Connection,
  outputs: readonly number[],
  { delayMs, everyMs, priority, expiresAfterMs, lane = LIVE }: Adding,
): Promise<AddedTask[]> {
  await lockOutputs(connection, outputs, []);
  const expiry = expiresAfterMs === undefined ? null : expiresAfterMs / 1_000;
  const given = [outputs, delayMs / 1_000, everyMs / 1_000, priority ?? null, expiry, lane];
  return many<AddedTask & Record<string, unknown>>(connection, sql.addTasks, given);
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

export interface TaskSearch {
  namespace: string;
  processor?: string | undefined;
  queue?: string | undefined;
  lane?: string | undefined;
  state?: string | undefined;
  afterId: number;
  limit: number;
}

export async function listTasks(executor: Executor, search: TaskSearch): Promise<TaskListing[]> {
  const { namespace, processor, queue, lane, state, afterId, limit } = search;
  const given = [namespace, processor ?? null, queue ?? null, state ?? null, lane ?? null, afterId, limit];
  return many<TaskListing & Record<string, unknown>>(executor, sql.listTasks, given);
}

/** Deletes the tasks of these outputs that wait for their turn, as a purge does; the outputs are waived as `cancelled`. */
export async function cancelTasks(connection: Connection, outputs: readonly number[]): Promise<Purged> {
  const tasks = await many<{ id: number; output_id: number }>(connection, sql.listTasksOf, [outputs]);
  return dropIdleTasks(connection, tasks, "cancelled");
}

/** Sets the priority of the tasks of these outputs; undefined gives back that of their processor. */
export async function prioritizeTasks(
  executor: Executor,
  outputs: readonly number[],
  priority: number | undefined,
): Promise<{ partition: string; priority: number }[]> {
  return many(executor, sql.prioritizeTasks, [outputs, priority ?? null]);
}

/** Fails the tasks of a namespace that ought to have begun by now, in small committed batches. Gives how many. */
export async function expireTasks(
  database: Database,
  namespace: string,
  codeVersion: string,
): Promise<number> {
  for (let expired = 0; ; ) {
    const late = await many<{ output_id: number }>(database, sql.listExpired, [
      ...[EXPIRED_AT_ONCE, namespace],
    ]);
    const ids = late.map((task) => task.output_id);
    const failed = ids.length === 0 ? 0 : await failExpired(database, namespace, ids, codeVersion);
    expired += failed;
    if (failed < EXPIRED_AT_ONCE) return expired;
  }
}

async function failExpired(
  database: Database,
  namespace: string,
  outputs: readonly number[],
  codeVersion: string,
): Promise<number> {
  return transaction(database, async (connection) => {
    await lockOutputs(connection, outputs, outputs);
    const failed = await many<ExpiredTask>(connection, sql.failExpired, [outputs]);
    const fingerprints = failed.map(({ processor }) => fingerprintOf({ ...EXPIRED, processor }));
    await exec(connection, sql.markExpired, [failed.map((task) => task.id), fingerprints]);
    const settled = await many<{ id: number }>(connection, sql.failExpiredOutputs, [
      failed.map((task) => task.output_id),
      fingerprints,
    ]);
    await releaseDownstream(
      connection,
      settled.map((output) => ({ id: output.id, traceparent: null })),
      [],
    );
    await recordFailures(connection, namespace, fingerprints, codeVersion);
    return failed.length;
  });
}
