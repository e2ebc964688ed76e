// The record of backups: what was taken, what failed, and which slot of a schedule is still without one.

import type { Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "backup/record",
  "endDeadBackups",
  "beginBackup",
  "beginScheduledBackup",
  "endBackup",
  "failBackup",
  "findFailedSlot",
  "listBackups",
  "readBackupStatus",
);

export interface BackupRow {
  id: number;
  state: "running" | "done" | "failed";
  scheduled: boolean;
  host: string;
  started_at: string;
  ended_at: string | null;
  file: string | null;
  bytes: number | null;
  rows: number | null;
  error: string | null;
}

/** What is null has never been. */
export interface BackupStatus {
  done_at: string | null;
  done_file: string | null;
  age_ms: number | null;
  last_state: "done" | "failed" | null;
  last_error: string | null;
  /** How often there is to be one, by the latest schedule. */
  every_ms: number | null;
}

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
  await exec(executor, sql.endDeadBackups);
  const begun =
    slots === undefined
      ? await findOne<{ id: number }>(executor, sql.beginBackup, [host])
      : await findOne<{ id: number }>(executor, sql.beginScheduledBackup, [
          host,
          slots.everyMs,
          slots.retryMs,
        ]);
  return begun?.id;
}

export async function endBackup(
  executor: Executor,
  id: number,
  taken: { file: string; bytes: number; rows: number },
): Promise<void> {
  await exec(executor, sql.endBackup, [id, taken.file, taken.bytes, taken.rows]);
}

export async function failBackup(executor: Executor, id: number, error: string): Promise<void> {
  await exec(executor, sql.failBackup, [id, error]);
}

/** How the present slot's last try failed; undefined when there was none, or the slot has its backup. */
export async function findFailedSlot(
  executor: Executor,
  everyMs: number,
): Promise<{ host: string; error: string } | undefined> {
  return findOne<{ host: string; error: string }>(executor, sql.findFailedSlot, [everyMs]);
}

/** The latest first, from before the id. */
export async function listBackups(
  executor: Executor,
  { beforeId, limit }: { beforeId: number; limit: number },
): Promise<BackupRow[]> {
  return many<BackupRow & Record<string, unknown>>(executor, sql.listBackups, [beforeId, limit]);
}

export async function readBackupStatus(executor: Executor): Promise<BackupStatus> {
  const status = await findOne<BackupStatus & Record<string, unknown>>(executor, sql.readBackupStatus);
  if (status === undefined) throw new Error("the status of backups is one row");
  return status;
}
