// Verifies a backup, and restores it: everything is loaded, and checked as it comes, in one transaction.

import {
  clearTarget,
  loadTables,
  prepareTables,
  requireKnown,
  restoreSequences,
  restoring,
  settleRestoredArtifacts,
} from "../../store/backup/load.ts";
import type { Manifest } from "../../store/backup/manifest.ts";
import { BackupReader } from "../../store/backup/reader.ts";
import type { Database } from "../../store/database.ts";
import { recordAudit } from "../../store/history/records.ts";
import { applyInTransaction, listPendingMigrations, type Migration } from "../../store/migrate.ts";
import { checkOnly, openFileStores, readFiles, restoreInto } from "./files.ts";
import type { BackupProgress } from "./take.ts";

type OnProgress = (progress: BackupProgress) => void;

export interface VerifiedBackup {
  manifest: Manifest;
  bytes: number;
}

/** Reads a backup from end to end, without a database. Throws BACKUP_NOT_FOUND, BACKUP_INCOMPLETE, BACKUP_DAMAGED, BACKUP_NEWER. */
export async function verifyBackup(
  path: string,
  onProgress: OnProgress = () => undefined,
): Promise<VerifiedBackup> {
  return reading(path, async (backup) => {
    const progress = follow(backup, onProgress);
    for (const table of backup.manifest.tables) {
      await backup.readTable(table, async (chunks) => {
        for await (const _chunk of chunks) progress({});
      });
      progress({ tables: 1, rows: table.rows });
    }
    await readFiles(backup, checkOnly, () => progress({ files: 1 }));
    await backup.finish();
    return { manifest: backup.manifest, bytes: backup.bytes };
  });
}

export interface RestoreOptions {
  database: Database;
  /** Who asked for it. */
  actor: string;
  dataDir: string;
  file: string;
  /** Whether what is in the target may be lost. */
  replace: boolean;
  files: boolean;
  onProgress?: OnProgress;
}

export interface Restored {
  manifest: Manifest;
  files: number;
  /** Those that came after the backup. */
  migrations: Migration[];
}

/**
 * Restores into the database and the data directory. The database is changed in one transaction, migrations that came after
 * the backup included: a restore that fails or is killed leaves it as it was. Throws RESTORE_NOT_EMPTY, RESTORE_IN_USE, RESTORE_DIFFERS, and what verifyBackup throws.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { database, actor, file, replace, onProgress = () => undefined } = options;
  return reading(file, async (backup) => {
    requireKnown(backup);
    const stores = openFileStores(options.dataDir);
    const sink = options.files ? restoreInto(stores) : { ...checkOnly, artifacts: [] };
    const progress = follow(backup, onProgress);
    let files = 0;
    const migrations = await restoring(database, async (connection) => {
      await clearTarget(connection, backup.manifest, replace);
      await prepareTables(connection, backup.manifest);
      await loadTables(connection, backup, (rows) => progress(rows === 0 ? {} : { tables: 1, rows }));
      await restoreSequences(connection, backup.manifest);
      await readFiles(backup, sink, () => {
        files += 1;
        progress({ files: 1 });
      });
      await backup.finish();
      await settleRestoredArtifacts(connection, sink.artifacts);
      const newer = await listPendingMigrations(connection);
      await applyInTransaction(connection, newer);
      const entry = { action: "backups.restore", subject: file, details: { replace, files: options.files } };
      await recordAudit(connection, { actor, ...entry });
      return newer;
    }).catch(async (error: unknown) => {
      // Rows that PostgreSQL can't take were altered, most likely: the whole file tells which.
      if (isRefusedRow(error)) await verifyBackup(file);
      throw error;
    });
    if (options.files) await stores.artifacts.recover(database);
    return { manifest: backup.manifest, files: options.files ? files : 0, migrations };
  });
}

/** Of the classes "data exception" and "integrity constraint violation", or a row of too many or too few values. */
function isRefusedRow(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^2[23]/.test(String(error.code));
}

async function reading<T>(path: string, work: (backup: BackupReader) => Promise<T>): Promise<T> {
  const backup = await BackupReader.open(path);
  try {
    return await work(backup);
  } finally {
    await backup.close();
  }
}

function follow(backup: BackupReader, onProgress: OnProgress): (more: Partial<BackupProgress>) => void {
  const sum = { tables: 0, rows: 0, files: 0, bytes: 0 };
  return ({ tables = 0, rows = 0, files = 0 }) => {
    sum.tables += tables;
    sum.rows += rows;
    sum.files += files;
    onProgress({ ...sum, bytes: backup.position });
  };
}
