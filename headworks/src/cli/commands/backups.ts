// `headworks backups create`, `list` and `verify`: everything that is needed to continue elsewhere, in one file.

import type { Command } from "commander";
import type { Backup } from "../../contract/backups.ts";
import { formatDuration } from "../../domain/duration.ts";
import { listBackups } from "../../inspect/backups.ts";
import { createBackup, verifyBackup } from "../../operate/backups.ts";
import type { GlobalOptions } from "../globals.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import { describeContents, remarksOn, withProgress } from "../render/backup-report.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { formatBytes } from "../render/sizes.ts";
import { type Column, table } from "../render/table.ts";
import { openMigratedStore, operatorOf, withStore } from "../session.ts";

interface CreateOptions extends GlobalOptions {
  to?: string;
  /** Only `--no-files` sets it. */
  files?: false;
}

/** `headworks backup` alone takes one, as it did before the group had its name. */
const ALIAS = "backup";

export function configure(command: Command): void {
  command
    .command("create", { isDefault: command.name() === ALIAS })
    .description("write everything into one file, while work goes on")
    .option("--to <dir>", "the folder to put the file into (default: backups, in the data directory)")
    .option("--no-files", "leave out the archive and the artifacts")
    .addHelpText("after", "\nExample:\n  $ headworks backups create --to /mnt/backups")
    .action(async (_options, self: Command) => create(self.optsWithGlobals<CreateOptions>()));
  addPageOptions(
    command
      .command("list")
      .description("list the backups that were taken or failed, the latest first")
      .addHelpText("after", "\nExample:\n  $ headworks backups list --limit 5"),
  ).action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions & PageOptions>()));
  command
    .command("verify <file>")
    .description("read a backup from end to end and check it; needs no database")
    .addHelpText("after", "\nExample:\n  $ headworks backups verify headworks-2026-01-14T03-00-00-120Z.tar")
    .action(async (file: string, _options, self: Command) =>
      verify(file, self.optsWithGlobals<GlobalOptions>()),
    );
}

async function create(options: CreateOptions): Promise<void> {
  const startedAt = Date.now();
  const { dataDir, to, files } = options;
  const input = { ...(to !== undefined && { folder: to }), files: files !== false };
  const store = await openMigratedStore(options);
  try {
    const created = await withProgress((onProgress) =>
      createBackup(operatorOf(store.database), input, { dataDir, onProgress }),
    );
    if (created === undefined) return;
    for (const remark of remarksOn(created)) writeMessage(remark);
    if (options.json) return writeJson(created);
    const took = formatDuration(Date.now() - startedAt);
    writeData([created.file, `  ${describeContents(created)}; ${formatBytes(created.bytes)}, in ${took}`]);
  } finally {
    await store.close();
  }
}

async function verify(file: string, options: GlobalOptions): Promise<void> {
  const verified = await withProgress((onProgress) => verifyBackup({ file }, onProgress));
  if (verified === undefined) return;
  if (options.json) return writeJson(verified);
  const { taken_at, database, postgres, migration, code_version } = verified;
  writeData([
    `${file} is whole`,
    `  ${describeContents(verified)}; ${formatBytes(verified.bytes)}`,
    `  taken ${taken_at} of ${database} on PostgreSQL ${postgres}, at migration ${migration}, code version ${code_version ?? "unknown"}`,
    ...remarksOn(verified).map((remark) => `  ${remark}`),
  ]);
}

async function list({ limit, cursor, ...options }: GlobalOptions & PageOptions): Promise<void> {
  const input = { limit, ...(cursor !== undefined && { cursor }) };
  const page = await withStore(options, (database) => listBackups(database, input));
  if (options.json) return writeJson(page);
  const { stdout } = process;
  writeData(renderBackups(page.items, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
  sayWhereMoreIs(page);
}

const STATE_STYLE = { done: "green", running: "cyan", failed: "red" } as const;

function renderBackups(backups: readonly Backup[], options: RenderOptions): string[] {
  if (backups.length === 0) return ["no backup has been taken yet: `headworks backups create` takes one"];
  const columns: Column<Backup>[] = [
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
