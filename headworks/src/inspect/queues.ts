// Questions about queues: what they hold, and what a purge would delete.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/queues.ts";
import { requireKnown } from "../domain/known-name.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/queue/queues.ts";

export async function listQueues(executor: Executor): Promise<OutputOf<typeof contract.listQueues>> {
  return { items: await store.listQueues(executor), next_cursor: null };
}

/** Throws UNKNOWN_QUEUE. */
export async function countPurgeable(
  executor: Executor,
  namespace: string,
  { name }: InputOf<typeof contract.countPurgeable>,
): Promise<OutputOf<typeof contract.countPurgeable>> {
  await requireQueue(executor, name);
  return store.countPurgeable(executor, namespace, name);
}

/** Throws UNKNOWN_QUEUE, with the name that was probably meant. */
export async function requireQueue(executor: Executor, name: string): Promise<void> {
  const queues = await store.listQueues(executor);
  requireKnown(
    "queue",
    name,
    queues.map((queue) => queue.name),
  );
}
