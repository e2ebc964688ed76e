// Takes, checks and restores backups. Who took or restored one is kept in the transaction that records it.

import { join } from "node:path";
import type * as contract from "../contract/backups.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import * as restoring from "../engine/backup/restore.ts";
import { type BackupProgress, takeBackup } from "../engine/backup/take.ts";
import type { Manifest } from "../store/backup/manifest.ts";
import type { Operator } from "./operator.ts";

/** Where the files of this machine are; `onProgress` may throw to end the work between two pieces. */
export interface BackupPlace {
  dataDir: string;
  onProgress?: (progress: BackupProgress) => void;
}

/** Throws BACKUP_UNDER_WAY and BACKUP_UNWRITABLE. */
export async function createBackup(
  { database, actor }: Operator,
  input: InputOf<typeof contract.createBackup>,
  { dataDir, onProgress }: BackupPlace,
): Promise<OutputOf<typeof contract.createBackup>> {
  const folder = input.folder ?? join(dataDir, "backups");
  const { file, bytes, manifest } = await takeBackup({
    ...{ database, actor, dataDir, folder, prefix: "headworks-", files: input.files },
    ...(onProgress && { onProgress }),
  });
  return { file, bytes, ...contentsOf(manifest) };
}

/** Needs no database. Throws BACKUP_NOT_FOUND, BACKUP_INCOMPLETE, BACKUP_DAMAGED, BACKUP_NEWER. */
export async function verifyBackup(
  { file }: InputOf<typeof contract.verifyBackup>,
  onProgress?: (progress: BackupProgress) => void,
): Promise<OutputOf<typeof contract.verifyBackup>> {
  const { bytes, manifest } = await restoring.verifyBackup(file, onProgress);
  return { file, bytes, ...contentsOf(manifest) };
}

/** Throws RESTORE_NOT_EMPTY, RESTORE_IN_USE, RESTORE_DIFFERS, and what {@link verifyBackup} throws. */
export async function restoreBackup(
  { database, actor }: Operator,
  { file, replace, files }: InputOf<typeof contract.restoreBackup>,
  { dataDir, onProgress }: BackupPlace,
): Promise<OutputOf<typeof contract.restoreBackup>> {
  const { manifest, migrations } = await restoring.restoreBackup({
    ...{ database, actor, dataDir, file, replace, files },
    ...(onProgress && { onProgress }),
  });
  return { file, migrations, ...contentsOf(manifest) };
}

function contentsOf(manifest: Manifest): contract.BackupContents {
  const { taken_at, database, postgres, code_version, migrations, tables, files, left_out } = manifest;
  return {
    taken_at,
    database,
    postgres,
    code_version,
    migration: migrations.at(-1)?.version ?? 0,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    tables: tables.map(({ schema, name, rows, digest }) => ({ schema, name, rows, digest })),
    files,
    left_out,
  };
}
