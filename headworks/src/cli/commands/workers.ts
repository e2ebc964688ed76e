// `headworks workers list`: the processes that run tasks, and what each runs now.

import type { Command } from "commander";
import { listWorkers } from "../../inspect/workers.ts";
import type { GlobalOptions } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderWorkers } from "../render/worker-report.ts";
import { withStore } from "../session.ts";

export function configure(command: Command): void {
  command
    .command("list")
    .description("list processes with their leases and what they run")
    .addHelpText("after", "\nExample:\n  $ headworks workers list")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions>()));
}

async function list(options: GlobalOptions): Promise<void> {
  const page = await withStore(options, listWorkers);
  if (options.json) return writeJson(page);
  if (page.items.length === 0) return writeMessage("no worker is running; `headworks start` starts some");
  const { stdout } = process;
  writeData(renderWorkers(page.items, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
}
