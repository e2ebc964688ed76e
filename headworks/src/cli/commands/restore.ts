// `headworks restore`: puts a backup into a database and a data directory, whole or not at all.

import type { Command } from "commander";
import { formatDuration } from "../../domain/duration.ts";
import { restoreBackup } from "../../operate/backups.ts";
import type { GlobalOptions } from "../globals.ts";
import { describeContents, remarksOn, withProgress } from "../render/backup-report.ts";
import { writeData, writeJson, writeMessage } from "../render/output.ts";
import { openStore, operatorOf } from "../session.ts";

interface RestoreOptions extends GlobalOptions {
  replace?: boolean;
  /** Only `--no-files` sets it. */
  files?: false;
}

const HELP = `
The database is changed in one transaction: a restore that fails or is killed leaves it as it was. Runs that were under
way when the backup was taken run again, and use no attempt.

Examples:
  $ headworks restore /mnt/backups/headworks-2026-01-14T03-00-00-120Z.tar
  $ headworks restore headworks-2026-01-14T03-00-00-120Z.tar --database-url postgres://…  # an empty database`;

export function configure(command: Command): void {
  command
    .argument("<file>", "a file that `headworks backups create` wrote")
    .option("--replace", "lose what is in the database")
    .option("--no-files", "leave the archive and the artifacts in the data directory as they are")
    .addHelpText("after", HELP)
    .action(async (file: string, _options, self: Command) =>
      restore(file, self.optsWithGlobals<RestoreOptions>()),
    );
}

async function restore(file: string, options: RestoreOptions): Promise<void> {
  const startedAt = Date.now();
  const { dataDir } = options;
  const input = { file, replace: options.replace === true, files: options.files !== false };
  const store = await openStore(options);
  try {
    const restored = await withProgress((onProgress) =>
      restoreBackup(operatorOf(store.database), input, { dataDir, onProgress }),
    );
    if (restored === undefined) return;
    for (const { version, name } of restored.migrations) writeMessage(`migrated: ${version} ${name}`);
    for (const remark of remarksOn(restored)) writeMessage(remark);
    if (options.json) return writeJson(restored);
    writeData([
      `restored the backup of ${restored.taken_at} in ${formatDuration(Date.now() - startedAt)}: every row was compared`,
      `  ${describeContents(restored)}`,
      "→ `headworks start` continues from there; `headworks health` says what it found",
    ]);
  } finally {
    await store.close();
  }
}
