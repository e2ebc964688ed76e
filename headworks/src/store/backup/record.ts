// The record of backups: what was taken, what failed, and which slot of a schedule is still without one.

import type { Executor } from "../database.ts";
import * as sql from "./record.queries.ts";

export interface BackupSlots {
  everyMs: number;
  /** A slot whose backup failed is tried again after so long. */
  retryMs: number;
}

/** For whoever holds the lock of backups. Undefined when the present slot needs none. */
export async function beginBackup(
  executor: Executor,
  host: string,
  slots?: BackupSlots,
): Promise<number | undefined> {
  await sql.endDeadBackups(executor);
  const begun =
    slots === undefined
      ? await sql.beginBackup(executor, { host })
      : await sql.beginScheduledBackup(executor, { host, every_ms: slots.everyMs, retry_ms: slots.retryMs });
  return begun?.id;
}

export async function endBackup(
  executor: Executor,
  id: number,
  taken: { file: string; bytes: number; rows: number },
): Promise<void> {
  await sql.endBackup(executor, { id, file: taken.file, bytes: taken.bytes, rows: taken.rows });
}

export async function failBackup(executor: Executor, id: number, error: string): Promise<void> {
  await sql.failBackup(executor, { id, error });
}

/** How the present slot's last try failed; undefined when there was none, or the slot has its backup. */
export async function findFailedSlot(
  executor: Executor,
  everyMs: number,
): Promise<sql.FindFailedSlotRow | undefined> {
  return sql.findFailedSlot(executor, { every_ms: everyMs });
}

/** The latest first, from before the id. */
export async function listBackups(
  executor: Executor,
  { beforeId, limit }: { beforeId: number; limit: number },
): Promise<sql.BackupRow[]> {
  return sql.listBackups(executor, { before_id: beforeId, limit });
}

export async function readBackupStatus(executor: Executor): Promise<sql.BackupStatus> {
  return sql.readBackupStatus(executor);
}
