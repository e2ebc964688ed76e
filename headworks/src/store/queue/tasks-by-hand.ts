// Tasks as people ask for them: added for later or staggered, listed, cancelled, prioritized; and those that expire.

import { SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import { LIVE } from "../../domain/dispatch/lanes.ts";
import { fingerprintOf } from "../../domain/settlement/fingerprint.ts";
import { type Connection, type Database, type Executor, transaction } from "../database.ts";
import { lockOutputs, releaseDownstream } from "../ledger/release.ts";
import { recordFailures } from "../ledger/settlement.ts";
import { dropIdleTasks, type Purged } from "./queues.ts";
import * as sql from "./tasks-by-hand.queries.ts";

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

/** The outputs of these partitions that the ledger has, in the order they are named in. */
export async function findOutputs(
  executor: Executor,
  namespace: string,
  processor: string,
  partitions: readonly string[],
): Promise<sql.FindOutputsRow[]> {
  return sql.findOutputs(executor, { namespace, processor, partitions });
}

/** Whether nothing was added under this key within the last 24 hours; from now on something is. */
export async function rememberKey(connection: Connection, key: string): Promise<boolean> {
  return (await sql.rememberKey(connection, { key })).is_new;
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
): Promise<sql.AddedTask[]> {
  await lockOutputs(connection, outputs, []);
  return sql.addTasks(connection, {
    output_ids: outputs,
    delay_s: delayMs / 1_000,
    every_s: everyMs / 1_000,
    priority,
    expires_after_s: expiresAfterMs === undefined ? null : expiresAfterMs / 1_000,
    lane,
  });
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

export async function listTasks(executor: Executor, search: TaskSearch): Promise<sql.TaskListing[]> {
  const { afterId, ...filter } = search;
  return sql.listTasks(executor, { ...filter, after_id: afterId });
}

/** Deletes the tasks of these outputs that wait for their turn, as a purge does; the outputs are waived as `cancelled`. */
export async function cancelTasks(connection: Connection, outputs: readonly number[]): Promise<Purged> {
  const tasks = await sql.listTasksOf(connection, { output_ids: outputs });
  return dropIdleTasks(connection, tasks, "cancelled");
}

/** Sets the priority of the tasks of these outputs; undefined gives back that of their processor. */
export async function prioritizeTasks(
  executor: Executor,
  outputs: readonly number[],
  priority: number | undefined,
): Promise<sql.PrioritizeTasksRow[]> {
  return sql.prioritizeTasks(executor, { output_ids: outputs, priority });
}

/** Fails the tasks of a namespace that ought to have begun by now, in small committed batches. Gives how many. */
export async function expireTasks(
  database: Database,
  namespace: string,
  codeVersion: string,
): Promise<number> {
  for (let expired = 0; ; ) {
    const late = await sql.listExpired(database, { limit: EXPIRED_AT_ONCE, namespace });
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
    const failed = await sql.failExpired(connection, { output_ids: outputs });
    const fingerprints = failed.map(({ processor }) => fingerprintOf({ ...EXPIRED, processor }));
    await sql.markExpired(connection, { id: failed.map((task) => task.id), fingerprint: fingerprints });
    const settled = await sql.failExpiredOutputs(connection, {
      id: failed.map((task) => task.output_id),
      fingerprint: fingerprints,
    });
    await releaseDownstream(
      connection,
      settled.map((output) => ({ id: output.id, traceparent: null })),
      [],
    );
    await recordFailures(connection, namespace, fingerprints, codeVersion);
    return failed.length;
  });
}
