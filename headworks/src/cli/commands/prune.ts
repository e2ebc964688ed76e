// `headworks prune`: makes room now, as the engine does each hour; or tells what would go.

import type { Command } from "commander";
import { openFileStores } from "../../engine/backup/files.ts";
import { keepRetention, previewRetention } from "../../engine/duties/pruner.ts";
import type { Database } from "../../store/database.ts";
import { recordAudit } from "../../store/history/records.ts";
import type { Pruned } from "../../store/retention/retention.ts";
import { actor } from "../actor.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { formatBytes } from "../render/sizes.ts";
import { type Column, table } from "../render/table.ts";
import { withStore } from "../session.ts";

interface PruneOptions extends GlobalOptions {
  dryRun?: boolean;
}

const HELP = `
The ages are the configuration's: export const retention = retain({ … }). A week goes whole, once its last instant is older than its age.

Examples:
  $ headworks prune --dry-run      # tells what would go
  $ headworks prune`;

const COLUMNS: Column<Pruned>[] = [
  { title: "table", value: (row) => row.table },
  { title: "weeks", align: "right", value: (row) => row.partitions.length || null },
  { title: "size", align: "right", value: (row) => (row.bytes === 0 ? null : formatBytes(row.bytes)) },
  { title: "rows", align: "right", value: (row) => row.rows || null },
  { title: "files", align: "right", value: (row) => row.files || null },
];

function hasGone({ partitions, rows, files }: Pruned): boolean {
  return partitions.length > 0 || rows > 0 || files > 0;
}

export function configure(command: Command): void {
  command
    .option("--dry-run", "only tell what would go")
    .addHelpText("after", HELP)
    .action(async (_options, self: Command) => prune(self.optsWithGlobals<PruneOptions>()));
}

async function prune(options: PruneOptions): Promise<void> {
  const { registry } = await readConfiguration(options);
  const dryRun = options.dryRun === true;
  const pruned = await withStore(options, (database) =>
    dryRun
      ? previewRetention(database, registry)
      : audited(database, () =>
          keepRetention(database, registry, openFileStores(options.dataDir), { always: true }),
        ),
  );
  if (options.json) return writeJson({ dry_run: dryRun, items: pruned });
  const gone = pruned.filter(hasGone);
  if (gone.length === 0) return writeMessage("nothing is older than its age");
  const { stdout } = process;
  writeData(table(gone, COLUMNS, { paint: painter(stdout), width: widthOf(stdout) }));
  writeMessage(
    dryRun ? "nothing has been removed yet; `headworks prune` does it" : "these have been removed",
  );
}

async function audited(database: Database, work: () => Promise<Pruned[]>): Promise<Pruned[]> {
  const pruned = await work();
  const details = { removed: pruned.filter(hasGone) };
  await recordAudit(database, { actor: actor(), action: "retention.prune", subject: "everything", details });
  return pruned;
}
