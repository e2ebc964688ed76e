// Queues as people see and steer them: their limits and tasks; pausing, resuming and purging one.

import type { Connection, Executor } from "../database.ts";
import { lockOutputs, releaseDownstream } from "../ledger/release.ts";
import { many, one, queriesOf } from "../sql.ts";

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
interface QueueCounts {
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

export interface LaneListing extends QueueCounts {
  weight: number;
}

/** Instants are ISO 8601. */
export interface QueueListing extends QueueCounts {
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

/** The queue exists: none is ever removed. */
export async function pauseQueue(
  executor: Executor,
  name: string,
): Promise<{ paused_at: string; was_paused: boolean }> {
  return one(executor, sql.pauseQueue, [name]);
}

/** The queue exists: none is ever removed. */
export async function resumeQueue(executor: Executor, name: string): Promise<{ was_paused: boolean }> {
  return one(executor, sql.resumeQueue, [name]);
}

export interface Purgeable {
  purgeable: number;
  running: number;
  failed: number;
  /** A purge leaves what comes after this task alone. */
  newest_id: number;
}

export async function countPurgeable(
  executor: Executor,
  namespace: string,
  queue: string,
): Promise<Purgeable> {
  return one<Purgeable>(executor, sql.countPurgeable, [queue, namespace]);
}

export interface Purged {
  /** Tasks that are deleted. */
  purged: number;
  /** Outputs that are waived: they were expected, and nobody expects them now. */
  waived: number;
  /** Tasks of outputs downstream that needed no more than these. */
  released: number;
}

/** What one batch of a purge did, and the id after which the next one begins; null at the end. */
export interface PurgedBatch extends Purged {
  after: number | null;
}

/**
 * Deletes the next tasks of a namespace in a queue that wait for their turn, of those with ids over `after` and up to `newestId`. What it
 * releases downstream comes after that id, so that a purge of the queue they share ends.
 */
export async function purgeBatch(
  connection: Connection,
  namespace: string,
  queue: string,
  { after, newestId }: { after: number; newestId: number },
): Promise<PurgedBatch> {
  const tasks = await many<{ id: number; output_id: number }>(connection, sql.listPurgeable, [
    queue,
    after,
    newestId,
    TASKS_AT_ONCE,
    namespace,
  ]);
  const purged = await dropIdleTasks(connection, tasks, "purged", queue);
  return { ...purged, after: tasks.length < TASKS_AT_ONCE ? null : (tasks.at(-1)?.id ?? null) };
}

/**
 * Deletes those of these tasks that wait for their turn, and waives the outputs that were expected of them, for a reason.
 * Outputs are locked first and tasks after, of which none is waited for: a settlement does it the other way round.
 */
export async function dropIdleTasks(
  connection: Connection,
  tasks: readonly { id: number; output_id: number }[],
  reason: "purged" | "cancelled",
  queue: string | null = null,
): Promise<Purged> {
  if (tasks.length === 0) return { purged: 0, waived: 0, released: 0 };
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
}
