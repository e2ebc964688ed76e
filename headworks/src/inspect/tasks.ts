// Questions about tasks: what waits, runs and has failed, a page at a time.

import { z } from "zod";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { cutPage, readCursor, writeCursor } from "../contract/page.ts";
import type * as contract from "../contract/tasks.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/queue/tasks-by-hand.ts";
import { requireProcessor } from "./processors.ts";

const key = z.tuple([z.int()]);

/** Throws UNKNOWN_PROCESSOR, CURSOR_INVALID. */
export async function listTasks(
  executor: Executor,
  namespace: string,
  { limit, cursor, ...search }: InputOf<typeof contract.listTasks>,
): Promise<OutputOf<typeof contract.listTasks>> {
  const [afterId] = cursor === undefined ? [0] : readCursor(cursor, key);
  await requireProcessor(executor, namespace, search.processor);
  const found = await store.listTasks(executor, { namespace, ...search, afterId, limit: limit + 1 });
  return cutPage(found, limit, (task) => writeCursor([task.id]));
}
