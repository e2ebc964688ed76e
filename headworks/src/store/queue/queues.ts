// Queues as people see and steer them: their limits and tasks; pausing, resuming and purging one.

import { type Database, type Executor, transaction } from "../database.ts";
import { lockOutputs, releaseDownstream } from "../ledger/release.ts";
import { findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "queue/queues",
  "listQueues",
  "pauseQueue",
  "resumeQueue",
  "countPurgeable",
  "listPurgeable",
  "deleteIdleTasks",
  "waiveOutputs",
);

const laneSql = queriesOf("queue/lanes", "listLanes");

const TASKS_AT_ONCE = 1_000;

/** The limits and the tasks of a queue or of one of its lanes; a limit that isn't set is null. */
interface Standing {
  name: string;
  rate: number | null;
  burst: number;
  /** Claims that it would grant at once by its rate now; null without a rate. */
  tokens: number | null;
  scheduled: number;
  ready: number;
  running: number;
  waiting: number;
  failed: number;
}

export interface LaneListing extends Standing {
  weight: number;
}

/** Instants are ISO 8601. */
export interface QueueListing extends Standing {
  paused_at: string | null;
  max_concurrent: number | null;
  /** Empty for a queue that isn't divided; `live` first. */
  lanes: LaneListing[];
}

export async function listQueues(executor: Executor): Promise<QueueListing[]> {
  const queues = await many<Omit<QueueListing, "lanes"> & Record<string, unknown>>(executor, sql.listQueues);
  const lanes = await many<LaneListing & { queue: string } & Record<string, unknown>>(
    executor,
    laneSql.listLanes,
  );
  const byQueue = Map.groupBy(lanes, (lane) => lane.queue);
  return queues.map((queue) => ({
    ...queue,
    lanes: (byQueue.get(queue.name) ?? []).map(({ queue: _queue, ...lane }) => lane),
  }));
}

/** Undefined when there is no such queue. */
export async function pauseQueue(
  executor: Executor,
  name: string,
): Promise<{ paused_at: string; was_paused: boolean } | undefined> {
  return findOne(executor, sql.pauseQueue, [name]);
}

/** Undefined when there is no such queue. */
export async function resumeQueue(
  executor: Executor,
  name: string,
): Promise<{ was_paused: boolean } | undefined> {
  return findOne(executor, sql.resumeQueue, [name]);
}

export interface Purgeable {
  purgeable: number;
  running: number;
  failed: number;
  /** A purge leaves what comes after this task alone. */
  newest_id: number;
}

export async function countPurgeable(executor: Executor, queue: string): Promise<Purgeable> {
  const counted = await findOne<Purgeable>(executor, sql.countPurgeable, [queue]);
  return counted ?? { purgeable: 0, running: 0, failed: 0, newest_id: 0 };
}

export interface Purged {
  /** Tasks that are deleted. */
  purged: number;
  /** Outputs that are waived: they were expected, and nobody expects them now. */
  waived: number;
  /** Tasks of outputs downstream that needed no more than these. */
  released: number;
}

/**
 * Deletes the tasks of a queue that wait for their turn, up to the given id, in small committed batches. What it lets go
 * downstream comes after that id, so that a purge of the queue they share ends.
 */
export async function purgeQueue(
  database: Database,
  queue: string,
  newestId: number,
  onProgress: (purged: number) => void = () => undefined,
): Promise<Purged> {
  const total: Purged = { purged: 0, waived: 0, released: 0 };
  for (let after = 0; ; ) {
    const tasks = await many<{ id: number; output_id: number }>(database, sql.listPurgeable, [
      queue,
      after,
      newestId,
      TASKS_AT_ONCE,
    ]);
    if (tasks.length > 0) add(total, await dropIdleTasks(database, tasks, "purged", queue));
    onProgress(total.purged);
    if (tasks.length < TASKS_AT_ONCE) return total;
    after = tasks.at(-1)?.id ?? after;
  }
}

function add(total: Purged, batch: Purged): void {
  total.purged += batch.purged;
  total.waived += batch.waived;
  total.released += batch.released;
}

/**
 * Deletes those of these tasks that wait for their turn, and waives the outputs that were expected of them, for a reason.
 * Outputs are locked first and tasks after, of which none is waited for: a settlement does it the other way round.
 */
export async function dropIdleTasks(
  database: Database,
  tasks: readonly { id: number; output_id: number }[],
  reason: "purged" | "cancelled",
  queue: string | null = null,
): Promise<Purged> {
  return transaction(database, async (connection) => {
    const outputs = tasks.map((task) => task.output_id);
    await lockOutputs(connection, outputs, outputs);
    const ids = tasks.map((task) => task.id);
    const deleted = await many<{ output_id: number }>(connection, sql.deleteIdleTasks, [queue, ids]);
    const waived = await many<{ id: number }>(connection, sql.waiveOutputs, [
      deleted.map((task) => task.output_id),
      reason,
    ]);
    const settled = waived.map((output) => ({ id: output.id, traceparent: null }));
    const released = await releaseDownstream(connection, settled, []);
    return { purged: deleted.length, waived: waived.length, released };
  });
}
