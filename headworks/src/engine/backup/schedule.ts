// Takes a backup in every slot of time, whichever process comes first, and removes the oldest. It looks once a minute; when
// it dies, or fails, the next look of any process takes the slot's backup.

import { HeadworksError, messageOf } from "../../domain/error.ts";
import { recordEvent } from "../../store/history/records.ts";
import type { Log } from "../../telemetry/log.ts";
import { type BackupOptions, pruneBackups, takeBackup } from "./take.ts";

const SCHEDULED_PREFIX = "scheduled-";

const LOOK_EVERY_MS = 60_000;
const RETRY_MS = 900_000;

export interface BackupScheduleOptions extends Omit<BackupOptions, "prefix" | "files" | "onProgress"> {
  /** A slot's length, from the epoch on by the database's clock: a day's begin at midnight UTC. */
  everyMs: number;
  /** How many scheduled backups stay in the folder. */
  keep: number;
  log: Pick<Log, "info" | "warn">;
}

export class BackupSchedule {
  readonly #options: BackupScheduleOptions;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: BackupScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#underWay = this.look().finally(() => {
      this.#timer = setTimeout(() => this.start(), LOOK_EVERY_MS);
      if (this.#stopped) clearTimeout(this.#timer);
    });
  }

  /** Waits for a backup that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }

  /** Takes the present slot's backup if nobody has. Reports what fails, and doesn't throw. */
  async look(): Promise<void> {
    const { database, dataDir, folder, everyMs, keep, log } = this.#options;
    try {
      const options = { database, dataDir, folder, prefix: SCHEDULED_PREFIX, files: true };
      const taken = await takeBackup(options, { everyMs, retryMs: Math.min(RETRY_MS, everyMs) });
      if (taken === undefined) return;
      log.info(`backed up to ${taken.file}`);
      for (const name of await pruneBackups(folder, SCHEDULED_PREFIX, keep))
        log.info(`removed the old backup ${name}`);
    } catch (error) {
      if (error instanceof HeadworksError && error.code === "BACKUP_UNDER_WAY") return;
      log.warn(`the scheduled backup failed: ${messageOf(error)}`);
      await this.#tell(messageOf(error));
    }
  }

  /** A backup that failed since the database is away can't be told of there; the log has it. */
  async #tell(message: string): Promise<void> {
    const { database, folder, log } = this.#options;
    try {
      await recordEvent(database, { kind: "backup.failed", subject: folder, message });
    } catch (error) {
      log.warn(`the failure couldn't be recorded: ${messageOf(error)}`);
    }
  }
}
