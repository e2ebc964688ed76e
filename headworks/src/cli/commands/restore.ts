// `headworks restore`: puts a backup into a database and a data directory, whole or not at all.

import type { Command } from "commander";
import { formatDuration } from "../../domain/duration.ts";
import { restoreBackup } from "../../engine/backup/restore.ts";
import { recordAudit } from "../../store/history/records.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { contentsAsJson, describeContents, remarksOn, withProgress } from "../render/backup-report.ts";
import { writeData, writeJson, writeMessage } from "../render/output.ts";
import { openStore } from "../session.ts";

interface RestoreOptions extends GlobalOptions {
  replace?: boolean;
  /** Only `--no-files` sets it. */
  files?: false;
}

const HELP = `
The database is changed in one transaction: a restore that fails or is killed leaves it as it was. What ran when the
backup was taken runs again, and uses no attempt.

Examples:
  $ headworks restore /mnt/backups/headworks-2026-01-14T03-00-00-120Z.tar
  $ headworks restore headworks-2026-01-14T03-00-00-120Z.tar --database-url postgres://…  # an empty database`;

export function configure(command: Command): void {
  command
    .argument("<file>", "what `headworks backup` has written")
    .option("--replace", "lose what is in the database")
    .option("--no-files", "leave the archive and the artifacts in the data directory as they are")
    .addHelpText("after", HELP)
    .action(async (file: string, _options, self: Command) =>
      restore(file, self.optsWithGlobals<RestoreOptions>()),
    );
}

async function restore(file: string, options: RestoreOptions): Promise<void> {
  const startedAt = Date.now();
  const store = await openStore(options);
  try {
    const { dataDir } = options;
    const replace = options.replace === true;
    const files = options.files !== false;
    const restored = await withProgress((onProgress) =>
      restoreBackup({ database: store.database, dataDir, file, replace, files, onProgress }),
    );
    if (restored === undefined) return;
    await recordAudit(store.database, {
      actor: actor(),
      action: "backup.restore",
      subject: file,
      details: { replace },
    });
    const { manifest, migrations } = restored;
    for (const { version, name } of migrations) writeMessage(`migrated: ${version} ${name}`);
    for (const remark of remarksOn(manifest)) writeMessage(remark);
    if (options.json) return writeJson({ file, migrations, ...contentsAsJson(manifest) });
    writeData([
      `restored what was taken ${manifest.taken_at}, in ${formatDuration(Date.now() - startedAt)}: every row was compared`,
      `  ${describeContents(manifest)}`,
      "→ `headworks start` goes on from there; `headworks health` tells what it found",
    ]);
  } finally {
    await store.close();
  }
}
