// `headworks prune`: removes what is older than its age now, as the engine does each hour; or tells what would go.

import type { Command } from "commander";
import type { Removed } from "../../contract/retention.ts";
import { previewRetention, pruneRetention } from "../../operate/retention.ts";
import { hasGone } from "../../store/retention/removal.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { formatBytes } from "../render/sizes.ts";
import { type Column, table } from "../render/table.ts";
import { withOperator } from "../session.ts";

interface PruneOptions extends GlobalOptions {
  dryRun?: boolean;
}

const HELP = `
The ages are the configuration's: export const retention = retain({ … }). A week goes whole, once its last instant is older than its age.

Examples:
  $ headworks prune --dry-run      # tells what would go
  $ headworks prune`;

const COLUMNS: Column<Removed>[] = [
  { title: "table", value: (row) => row.table },
  { title: "weeks", align: "right", value: (row) => row.partitions.length || null },
  { title: "size", align: "right", value: (row) => (row.bytes === 0 ? null : formatBytes(row.bytes)) },
  { title: "rows", align: "right", value: (row) => row.rows || null },
  { title: "files", align: "right", value: (row) => row.files || null },
];

export function configure(command: Command): void {
  command
    .option("--dry-run", "only tell what would go")
    .addHelpText("after", HELP)
    .action(async (_options, self: Command) => prune(self.optsWithGlobals<PruneOptions>()));
}

async function prune(options: PruneOptions): Promise<void> {
  const { registry } = await readConfiguration(options);
  const { dryRun, dataDir } = options;
  const { items } = await withOperator(options, (operator) =>
    dryRun ? previewRetention(operator.database, registry) : pruneRetention(operator, { registry, dataDir }),
  );
  if (options.json) return writeJson({ items });
  const gone = items.filter(hasGone);
  if (gone.length === 0) return writeMessage("nothing is older than its age");
  const { stdout } = process;
  writeData(table(gone, COLUMNS, { paint: painter(stdout), width: widthOf(stdout) }));
  writeMessage(
    dryRun ? "nothing has been removed yet; `headworks prune` removes it" : "these have been removed",
  );
}
