// Takes a backup into a folder: under a temporary name, from one snapshot, on the disk before it is renamed.

import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HeadworksError, messageOf } from "../../domain/error.ts";
import { alone, describeSnapshot, dumpTables, withSnapshot } from "../../store/backup/dump.ts";
import type { Manifest } from "../../store/backup/manifest.ts";
import { type BackupSlots, beginBackup, endBackup, failBackup } from "../../store/backup/record.ts";
import { BackupWriter } from "../../store/backup/writer.ts";
import { type Database, transaction } from "../../store/database.ts";
import { recordAudit } from "../../store/history/records.ts";
import { hostName } from "../worker/process-key.ts";
import { dumpFiles, openFileStores } from "./files.ts";

export interface BackupOptions {
  database: Database;
  /** Who asked for it: a person, or `schedule`. */
  actor: string;
  dataDir: string;
  folder: string;
  /** How the file's name begins; the instant follows. */
  prefix: string;
  /** Whether the archive and the artifacts come along. */
  files: boolean;
  onProgress?: (progress: BackupProgress) => void;
}

export interface BackupProgress {
  tables: number;
  rows: number;
  files: number;
  /** Of the backup's file, written or read. */
  bytes: number;
}

export interface TakenBackup {
  file: string;
  bytes: number;
  manifest: Manifest;
}

const PARTIAL = ".partial";
/** One that is being written changes all the time. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Takes a backup and keeps record of it; with slots, only if the present one needs it. Throws BACKUP_UNDER_WAY and
 * BACKUP_UNWRITABLE. What a kill leaves behind is a `.partial`, which a later backup removes.
 */
export function takeBackup(options: BackupOptions): Promise<TakenBackup>;
export function takeBackup(options: BackupOptions, slots: BackupSlots): Promise<TakenBackup | undefined>;
export function takeBackup(options: BackupOptions, slots?: BackupSlots): Promise<TakenBackup | undefined> {
  const { database, actor } = options;
  return alone(database, async () => {
    const id = await beginBackup(database, hostName(), slots);
    if (id === undefined) return undefined;
    try {
      const taken = await writeBackup(options);
      const { file, bytes, manifest } = taken;
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      await transaction(database, async (connection) => {
        await endBackup(connection, id, { file, bytes, rows });
        const entry = { action: "backups.create", subject: file, details: { bytes, rows } };
        await recordAudit(connection, { actor, ...entry });
      });
      return taken;
    } catch (error) {
      // When the database is what failed, the next backup ends this one's row.
      await failBackup(database, id, messageOf(error)).catch(() => undefined);
      throw error;
    }
  });
}

async function writeBackup(options: BackupOptions): Promise<TakenBackup> {
  const { database, prefix, files, onProgress = () => undefined } = options;
  const folder = resolve(options.folder);
  await prepareFolder(folder);
  const progress = { tables: 0, rows: 0, files: 0, bytes: 0 };
  return withSnapshot(database, async (snapshot) => {
    const file = join(folder, `${prefix}${nameOf(snapshot.moment.at)}.tar`);
    const partial = `${file}${PARTIAL}`;
    const writer = await BackupWriter.create(partial, new Date(snapshot.moment.at)).catch(
      (error: unknown) => {
        throw unwritable(folder, error);
      },
    );
    const tell = (change: Partial<BackupProgress>) =>
      onProgress(Object.assign(progress, change, { bytes: writer.bytes }));
    try {
      const tables = await dumpTables(snapshot, writer, (done, rows) => tell({ tables: done, rows }));
      const kept = files
        ? await dumpFiles(snapshot, writer, openFileStores(options.dataDir), () =>
            tell({ files: progress.files + 1 }),
          )
        : null;
      const manifest = await writer.finish({ ...(await describeSnapshot(snapshot, tables)), files: kept });
      await rename(partial, file);
      await syncFolder(folder);
      return { file, bytes: writer.bytes, manifest };
    } catch (error) {
      await rm(partial, { force: true });
      throw isFileError(error) ? unwritable(folder, error) : error;
    } finally {
      await writer.close();
    }
  });
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      if (!name.endsWith(`.tar${PARTIAL}`)) continue;
      const { mtimeMs } = await stat(join(folder, name));
      if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** A rename is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/** Keeps the newest of the backups whose names begin so; gives the names of those that were removed. */
export async function pruneBackups(folder: string, prefix: string, keep: number): Promise<string[]> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(prefix) && /^\d{4}-\d{2}-\d{2}T[\d-]+Z\.tar$/.test(name.slice(prefix.length)),
  );
  const old = names.sort().slice(0, Math.max(0, names.length - keep));
  for (const name of old) await rm(join(folder, name), { force: true });
  return old;
}

/** An instant that any file system takes as a name, and that sorts. */
function nameOf(instant: string): string {
  return instant.replaceAll(":", "-").replace(".", "-");
}

function isFileError(error: unknown): boolean {
  const code = error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : "";
  return /^(ENOSPC|EDQUOT|EFBIG|EIO|EROFS|EACCES|EPERM|EEXIST)$/.test(code);
}

function unwritable(folder: string, cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_UNWRITABLE",
    message: `a backup can't be written to ${folder}: ${messageOf(cause)}`,
    hint: "free some space, or name another folder that you may write to",
    cause,
  });
}
