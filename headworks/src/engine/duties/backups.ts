// Takes a backup in every slot of time, whichever process comes first, and removes the oldest. It looks once a minute; when
// it dies, or fails, a later look of any process takes the slot's backup.

import { HeadworksError } from "../../domain/error.ts";
import { findFailedSlot } from "../../store/backup/record.ts";
import type { Log } from "../../telemetry/log.ts";
import { type BackupOptions, pruneBackups, type TakenBackup, takeBackup } from "../backup/take.ts";
import type { Duty } from "./duty.ts";

/** Who asked for these, in the audit log. */
const ACTOR = "schedule";
const SCHEDULED_PREFIX = "scheduled-";

const LOOK_EVERY_MS = 60_000;
const RETRY_MS = 900_000;

export interface BackupScheduleOptions
  extends Omit<BackupOptions, "actor" | "prefix" | "files" | "onProgress"> {
  /** A slot's length, from the epoch on by the database's clock: a day's begin at midnight UTC. */
  everyMs: number;
  /** How many scheduled backups stay in the folder. */
  keep: number;
  log: Pick<Log, "info">;
}

/** It fails for as long as the present slot's last try did, also between two tries. */
export function backupDuty(options: BackupScheduleOptions): Duty {
  return {
    name: "scheduled backups",
    everyMs: LOOK_EVERY_MS,
    first: "at_start",
    run: () => look(options),
  };
}

async function look(options: BackupScheduleOptions): Promise<void> {
  const { database, folder, everyMs, keep, log } = options;
  const taken = await takeIfDue(options);
  if (taken !== undefined) {
    log.info(`backed up to ${taken.file}`);
    for (const name of await pruneBackups(folder, SCHEDULED_PREFIX, keep))
      log.info(`removed the old backup ${name}`);
    return;
  }
  const failed = await findFailedSlot(database, everyMs);
  if (failed !== undefined) throw stillFailed(failed);
}

/** Undefined when the slot's backup is there, was tried a short while ago, or another is under way. */
async function takeIfDue(options: BackupScheduleOptions): Promise<TakenBackup | undefined> {
  const { database, dataDir, folder, everyMs } = options;
  const backup = { database, actor: ACTOR, dataDir, folder, prefix: SCHEDULED_PREFIX, files: true };
  try {
    return await takeBackup(backup, { everyMs, retryMs: Math.min(RETRY_MS, everyMs) });
  } catch (error) {
    if (error instanceof HeadworksError && error.code === "BACKUP_UNDER_WAY") return undefined;
    throw error;
  }
}

function stillFailed({ host, error }: { host: string; error: string }): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_SLOT_FAILED",
    message: `the backup of this slot failed on ${host}: ${error}`,
    hint: "fix what it says; it is tried again every quarter of an hour. `headworks backups create` takes one now",
  });
}
