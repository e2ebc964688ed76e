// `headworks workers list`: the processes that run tasks, and what each runs now.

import type { Command } from "commander";
import { pidOf } from "../../engine/worker/process-key.ts";
import { listWorkerRuns, listWorkers } from "../../store/queue/workers.ts";
import type { GlobalOptions } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderWorkers, type WorkerListing } from "../render/worker-report.ts";
import { withStore } from "../session.ts";

export function configure(command: Command): void {
  command
    .command("list")
    .description("list processes with their leases and what they run")
    .addHelpText("after", "\nExample:\n  $ headworks workers list")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions>()));
}

async function list(options: GlobalOptions): Promise<void> {
  const workers = await withStore(options, async (database): Promise<WorkerListing[]> => {
    const rows = await listWorkers(database);
    const byWorker = Map.groupBy(await listWorkerRuns(database), (run) => run.worker_id);
    return rows.map(({ process_key, running: _counted, ...row }) => ({
      ...row,
      pid: pidOf(process_key),
      runs: (byWorker.get(row.id) ?? []).map(({ worker_id: _worker, ...run }) => run),
    }));
  });
  if (options.json) return writeJson({ items: workers, next_cursor: null });
  if (workers.length === 0) return writeMessage("no process runs tasks; `headworks start` starts some");
  const { stdout } = process;
  writeData(renderWorkers(workers, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
}
