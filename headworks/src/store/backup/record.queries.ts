// The queries of record.sql, with the types that their headers declare. Written by npm run queries.

import type { BackupState, EndedBackupState } from "../../domain/backup.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("record.sql", import.meta.url));

export interface BackupRow {
  id: number;
  state: BackupState;
  scheduled: boolean;
  host: string;
  started_at: string;
  ended_at: string | null;
  file: string | null;
  bytes: number | null;
  rows: number | null;
  error: string | null;
}

export interface BackupStatus {
  done_at: string | null;
  done_file: string | null;
  age_ms: number | null;
  last_state: EndedBackupState | null;
  last_error: string | null;
  every_ms: number | null;
}

/** Whoever holds the lock is alone: others that are said to run were cut off. */
export const endDeadBackups = queries.exec<void>("endDeadBackups");

export interface BeginBackupParams {
  host: string;
}

export interface BeginBackupRow {
  id: number;
}

/** A backup that somebody asked for begins. */
export const beginBackup = queries.one<BeginBackupParams, BeginBackupRow>("beginBackup");

export interface BeginScheduledBackupParams {
  host: string;
  every_ms: number;
  retry_ms: number;
}

export interface BeginScheduledBackupRow {
  id: number;
}

/** The backup of the present slot begins, unless it is there or was tried a short while ago. */
export const beginScheduledBackup = queries.maybe<BeginScheduledBackupParams, BeginScheduledBackupRow>("beginScheduledBackup");

export interface EndBackupParams {
  id: number;
  file: string;
  bytes: number;
  rows: number;
}

/** A backup is there. */
export const endBackup = queries.exec<EndBackupParams>("endBackup");

export interface FailBackupParams {
  id: number;
  error: string;
}

/** A backup could not be taken. */
export const failBackup = queries.exec<FailBackupParams>("failBackup");

export interface FindFailedSlotParams {
  every_ms: number;
}

export interface FindFailedSlotRow {
  host: string;
  error: string;
}

/** How the last try at the present slot's backup failed, while the slot has none. */
export const findFailedSlot = queries.maybe<FindFailedSlotParams, FindFailedSlotRow>("findFailedSlot");

export interface ListBackupsParams {
  before_id: number;
  limit: number;
}

/** The latest backups from before an id, the newest first. */
export const listBackups = queries.many<ListBackupsParams, BackupRow>("listBackups");

/** How old the last backup is, what the last try came to, and how often there ought to be one. */
export const readBackupStatus = queries.one<void, BackupStatus>("readBackupStatus");
