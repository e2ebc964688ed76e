// `headworks backup`, `backup list` and `backup verify`: everything that is needed to go on elsewhere, in one file.

import { join } from "node:path";
import type { Command } from "commander";
import { formatDuration } from "../../domain/duration.ts";
import { verifyBackup } from "../../engine/backup/restore.ts";
import { takeBackup } from "../../engine/backup/take.ts";
import { type BackupRow, listBackups } from "../../store/backup/record.ts";
import { recordAudit } from "../../store/history/records.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { wholeOption } from "../options/arguments.ts";
import { contentsAsJson, describeContents, remarksOn, withProgress } from "../render/backup-report.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { formatBytes } from "../render/sizes.ts";
import { type Column, table } from "../render/table.ts";
import { openMigratedStore, withStore } from "../session.ts";

interface BackupOptions extends GlobalOptions {
  to?: string;
  /** Only `--no-files` sets it. */
  files?: false;
}

export function configure(command: Command): void {
  command
    .option("--to <dir>", "the folder to put the file into (default: backups, in the data directory)")
    .option("--no-files", "leave out the archive and the artifacts")
    .addHelpText(
      "after",
      "\nExamples:\n  $ headworks backup --to /mnt/backups\n  $ headworks backup verify /mnt/backups/headworks-2026-01-14T03-00-00-120Z.tar",
    )
    .action(async (_options, self: Command) => take(self.optsWithGlobals<BackupOptions>()));
  command
    .command("verify <file>")
    .description("read a backup from end to end and check it; needs no database")
    .addHelpText("after", "\nExample:\n  $ headworks backup verify headworks-2026-01-14T03-00-00-120Z.tar")
    .action(async (file: string, _options, self: Command) =>
      verify(file, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("list")
    .description("list the backups that were taken, the latest first, those that failed too")
    .option("--limit <n>", "how many", wholeOption(1, 10_000), 20)
    .addHelpText("after", "\nExample:\n  $ headworks backup list --limit 5")
    .action(async (_options, self: Command) =>
      list(self.optsWithGlobals<GlobalOptions & { limit: number }>()),
    );
}

async function take(options: BackupOptions): Promise<void> {
  const startedAt = Date.now();
  const store = await openMigratedStore(options);
  try {
    const { dataDir } = options;
    const files = options.files !== false;
    const folder = options.to ?? join(dataDir, "backups");
    const taken = await withProgress((onProgress) =>
      takeBackup({ database: store.database, dataDir, folder, prefix: "headworks-", files, onProgress }),
    );
    if (taken === undefined) return;
    const { file, bytes, manifest } = taken;
    await recordAudit(store.database, { actor: actor(), action: "backup.take", subject: file });
    for (const remark of remarksOn(manifest)) writeMessage(remark);
    if (options.json) return writeJson({ file, bytes, ...contentsAsJson(manifest) });
    writeData([
      file,
      `  ${describeContents(manifest)}; ${formatBytes(bytes)}, in ${formatDuration(Date.now() - startedAt)}`,
    ]);
  } finally {
    await store.close();
  }
}

async function verify(file: string, options: GlobalOptions): Promise<void> {
  const verified = await withProgress((onProgress) => verifyBackup(file, onProgress));
  if (verified === undefined) return;
  const { manifest, bytes } = verified;
  if (options.json) return writeJson({ file, bytes, ...contentsAsJson(manifest) });
  const migration = manifest.migrations.at(-1)?.version ?? 0;
  writeData([
    `${file} is whole`,
    `  ${describeContents(manifest)}; ${formatBytes(bytes)}`,
    `  taken ${manifest.taken_at} of ${manifest.database} on PostgreSQL ${manifest.postgres}, at migration ${migration}, code version ${manifest.code_version ?? "unknown"}`,
    ...remarksOn(manifest).map((remark) => `  ${remark}`),
  ]);
}

async function list(options: GlobalOptions & { limit: number }): Promise<void> {
  const backups = await withStore(options, (database) => listBackups(database, options.limit));
  if (options.json) return writeJson({ items: backups });
  const { stdout } = process;
  writeData(renderBackups(backups, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
}

const STATE_STYLE = { done: "green", running: "cyan", failed: "red" } as const;

function renderBackups(backups: readonly BackupRow[], options: RenderOptions): string[] {
  if (backups.length === 0) return ["none was taken yet: `headworks backup` takes one"];
  const columns: Column<BackupRow>[] = [
    { title: "began", align: "right", value: (row) => relative(row.started_at, options.now) },
    { title: "state", value: (row) => row.state, style: (row) => STATE_STYLE[row.state] },
    { title: "for", value: (row) => (row.scheduled ? "schedule" : "hand") },
    { title: "rows", align: "right", value: (row) => row.rows },
    { title: "size", align: "right", value: (row) => (row.bytes === null ? null : formatBytes(row.bytes)) },
    { title: "host", value: (row) => row.host },
    { title: "file", value: (row) => row.file ?? row.error, flexible: true },
  ];
  return table(backups, columns, options);
}
