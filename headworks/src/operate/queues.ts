// Steers queues by hand: pauses, resumes and purges one.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/queues.ts";
import { requireQueue } from "../inspect/queues.ts";
import * as store from "../store/queue/queues.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import { audited, type Operator } from "./operator.ts";

/** Throws UNKNOWN_QUEUE. */
export async function pauseQueue(
  operator: Operator,
  { name }: InputOf<typeof contract.pauseQueue>,
): Promise<OutputOf<typeof contract.pauseQueue>> {
  return audited(operator, { action: "queues.pause", subject: name }, async (connection) => {
    await requireQueue(connection, name);
    return { name, ...(await store.pauseQueue(connection, name)) };
  });
}

/** Throws UNKNOWN_QUEUE. */
export async function resumeQueue(
  operator: Operator,
  { name }: InputOf<typeof contract.resumeQueue>,
): Promise<OutputOf<typeof contract.resumeQueue>> {
  const resumed = await audited(operator, { action: "queues.resume", subject: name }, async (connection) => {
    await requireQueue(connection, name);
    return { name, paused_at: null, ...(await store.resumeQueue(connection, name)) };
  });
  await hintReadyTasks(operator.database);
  return resumed;
}

/**
 * Deletes tasks in small committed batches, each with an audit row of what it deleted: a purge that breaks off has told all
 * that it did. Throws UNKNOWN_QUEUE.
 */
export async function purgeQueue(
  operator: Operator,
  { name, newest_id: newestId }: InputOf<typeof contract.purgeQueue>,
  onProgress: (purged: number) => void = () => undefined,
): Promise<OutputOf<typeof contract.purgeQueue>> {
  await requireQueue(operator.database, name);
  const total = { name, purged: 0, waived: 0, released: 0 };
  const entry = { action: "queues.purge", subject: name };
  for (let after: number | null = 0; after !== null; ) {
    const range = { after, newestId };
    const batch: store.PurgedBatch = await audited(operator, entry, async (connection, note) => {
      const done = await store.purgeBatch(connection, operator.namespace, name, range);
      note({ purged: done.purged, waived: done.waived, released: done.released });
      return done;
    });
    total.purged += batch.purged;
    total.waived += batch.waived;
    total.released += batch.released;
    onProgress(total.purged);
    after = batch.after;
  }
  await hintReadyTasks(operator.database);
  return total;
}
