// Questions about backups: which were taken, and which failed.

import { z } from "zod";
import type * as contract from "../contract/backups.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { cutPage, readCursor, writeCursor } from "../contract/page.ts";
import * as store from "../store/backup/record.ts";
import type { Executor } from "../store/database.ts";

const key = z.tuple([z.int()]);

/** Throws CURSOR_INVALID. */
export async function listBackups(
  executor: Executor,
  { limit, cursor }: InputOf<typeof contract.listBackups>,
): Promise<OutputOf<typeof contract.listBackups>> {
  const [beforeId] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : readCursor(cursor, key);
  const found = await store.listBackups(executor, { beforeId, limit: limit + 1 });
  return cutPage(found, limit, (backup) => writeCursor([backup.id]));
}
