// Questions about outputs: the ledger, a page at a time.

import { z } from "zod";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/outputs.ts";
import { cutPage, readCursor, writeCursor } from "../contract/page.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/history/runs.ts";
import { requireProcessor } from "./processors.ts";

const key = z.tuple([z.string(), z.string()]);

/** Throws UNKNOWN_PROCESSOR, CURSOR_INVALID. */
export async function listOutputs(
  executor: Executor,
  namespace: string,
  { limit, cursor, ...search }: InputOf<typeof contract.listOutputs>,
): Promise<OutputOf<typeof contract.listOutputs>> {
  const [processor, partition] = cursor === undefined ? [] : readCursor(cursor, key);
  const after = processor === undefined || partition === undefined ? undefined : { processor, partition };
  await requireProcessor(executor, namespace, search.processor);
  const found = await store.listOutputs(executor, { namespace, ...search, after, limit: limit + 1 });
  return cutPage(found, limit, (output) => writeCursor([output.processor, output.partition]));
}
