// What retention removes, batch by batch: each commits for itself, together with what its caller keeps of it.

import { append } from "../../domain/append.ts";
import { type Connection, type Database, transaction } from "../database.ts";

/** What went from a table. */
export interface Pruned {
  table: string;
  /** Partitions that were dropped whole, and what they took on the disk. */
  partitions: string[];
  bytes: number;
  /** Rows that were deleted one by one. */
  rows: number;
  /** Files that were removed. */
  files: number;
}

/** Where to remove from, and who is told of each batch that removed something, in the transaction that did. */
export interface Pruning {
  database: Database;
  onRemoved?: ((connection: Connection, removed: Pruned) => Promise<void>) | undefined;
}

export function nothingFrom(table: string): Pruned {
  return { table, partitions: [], bytes: 0, rows: 0, files: 0 };
}

export function hasGone({ partitions, rows, files }: Pruned): boolean {
  return partitions.length > 0 || rows > 0 || files > 0;
}

/** Does one batch in a transaction of its own; adds what it removed to `pruned`, and gives what else it tells. */
export async function removeBatch<Batch extends { removed: Partial<Omit<Pruned, "table">> }>(
  { database, onRemoved }: Pruning,
  pruned: Pruned,
  work: (connection: Connection) => Promise<Batch>,
): Promise<Batch> {
  const batch = await transaction(database, async (connection) => {
    const done = await work(connection);
    const removed = { ...nothingFrom(pruned.table), ...done.removed };
    if (hasGone(removed)) await onRemoved?.(connection, removed);
    return done;
  });
  const { partitions = [], bytes = 0, rows = 0, files = 0 } = batch.removed;
  append(pruned.partitions, partitions);
  pruned.bytes += bytes;
  pruned.rows += rows;
  pruned.files += files;
  return batch;
}
