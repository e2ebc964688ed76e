// Queues as people see and steer them: their limits and tasks; pausing, resuming and purging one.

import type { Connection, Executor } from "../database.ts";
import { lockOutputs, releaseDownstream } from "../ledger/release.ts";
import * as laneSql from "./lanes.queries.ts";
import * as sql from "./queues.queries.ts";

const TASKS_AT_ONCE = 1_000;

export type LaneListing = Omit<laneSql.ListLanesRow, "queue">;

/** The limits and the tasks of a queue; a limit that isn't set is null. Instants are ISO 8601. */
export interface QueueListing extends sql.ListQueuesRow {
  /** Empty for a queue that isn't divided; `live` first. */
  lanes: LaneListing[];
}

export async function listQueues(executor: Executor): Promise<QueueListing[]> {
  const queues = await sql.listQueues(executor);
  const lanes = await laneSql.listLanes(executor);
  const byQueue = Map.groupBy(lanes, (lane) => lane.queue);
  return queues.map((queue) => ({
    ...queue,
    lanes: (byQueue.get(queue.name) ?? []).map(({ queue: _queue, ...lane }) => lane),
  }));
}

/** The queue exists: none is ever removed. */
export async function pauseQueue(executor: Executor, name: string): Promise<sql.PauseQueueRow> {
  return sql.pauseQueue(executor, { name });
}

/** The queue exists: none is ever removed. */
export async function resumeQueue(executor: Executor, name: string): Promise<sql.ResumeQueueRow> {
  return sql.resumeQueue(executor, { name });
}

export async function countPurgeable(
  executor: Executor,
  namespace: string,
  queue: string,
): Promise<sql.CountPurgeableRow> {
  return sql.countPurgeable(executor, { queue, namespace });
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
  const tasks = await sql.listPurgeable(connection, {
    queue,
    after_id: after,
    newest_id: newestId,
    limit: TASKS_AT_ONCE,
    namespace,
  });
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
  const deleted = await sql.deleteIdleTasks(connection, { queue, ids });
  const waived = await sql.waiveOutputs(connection, {
    output_ids: deleted.map((task) => task.output_id),
    reason,
  });
  const settled = waived.map((output) => ({ id: output.id, traceparent: null }));
  const released = await releaseDownstream(connection, settled, []);
  return { purged: deleted.length, waived: waived.length, released };
}
