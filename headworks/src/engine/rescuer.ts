// The rescuer takes over tasks whose worker is gone, every few seconds and at start. When it dies, the next one does it.

import type { CompiledProcessor, Registry } from "../define/registry.ts";
import type { RunReport } from "../domain/settle.ts";
import { type Database, transaction } from "../store/database.ts";
import { deleteStagedRows, deleteTasks } from "../store/settlement.ts";
import {
  expireLeases,
  listWorkers,
  lockOrphanedTasks,
  type OrphanedTask,
  removeDeadWorkers,
} from "../store/workers.ts";
import { bareRun, type FinishedRun } from "./finished-run.ts";
import { isKnownDead } from "./process-key.ts";
import { decideHeld, settleLocked } from "./settlement.ts";

const TASKS_AT_ONCE = 200;

export interface RescueOptions {
  registry: Registry;
  /** Workers that were killed because a run of theirs didn't end: their other runs are let go, and are no suspects. */
  stuck?: ReadonlySet<string>;
  now?: () => number;
  random?: () => number;
}

/** Settles what dead workers left: each run as crashed, timed out or released. Gives the number of tasks taken over. */
export async function rescueOrphans(database: Database, options: RescueOptions): Promise<number> {
  let rescued = 0;
  for (;;) {
    const batch = await transaction(database, async (connection) => {
      const orphans = await lockOrphanedTasks(connection, TASKS_AT_ONCE);
      const { now = Date.now, random = Math.random } = options;
      const unknown = orphans.filter((task) => !options.registry.processors.has(task.processor));
      await deleteTasks(
        connection,
        unknown.map((task) => task.id),
      );
      for (const [worker, tasks] of Map.groupBy(orphans, (task) => task.worker_id)) {
        const codeVersion = tasks[0]?.code_version ?? "unknown";
        const settler = { registry: options.registry, worker, codeVersion, now, random };
        const runs = tasks.flatMap((task) => orphanedRun(options, task, now()));
        await settleLocked(
          connection,
          settler,
          runs.map((run) => decideHeld(settler, run)),
        );
      }
      await deleteStagedRows(
        connection,
        orphans.map((task) => task.run_id),
      );
      return orphans.length;
    });
    rescued += batch;
    if (batch < TASKS_AT_ONCE) break;
  }
  await removeDeadWorkers(database);
  return rescued;
}

/** Ends the leases of workers on this host whose process is gone, so that nobody waits for them to run out. */
export async function expireDeadNeighbours(database: Database): Promise<number> {
  const dead: string[] = [];
  for (const worker of await listWorkers(database)) {
    if (!worker.lease_expired && (await isKnownDead(worker.process_key))) dead.push(worker.id);
  }
  if (dead.length > 0) await expireLeases(database, dead);
  return dead.length;
}

function orphanedRun(options: RescueOptions, orphan: OrphanedTask, now: number): FinishedRun[] {
  const processor = options.registry.processors.get(orphan.processor);
  if (processor === undefined) return [];
  const report = reportOf(options, orphan, processor, now);
  const task = { ...orphan, from_archive: false, forced: false, rerun: false };
  return [bareRun(task, processor, report, null)];
}

function reportOf(
  options: RescueOptions,
  orphan: OrphanedTask,
  processor: CompiledProcessor,
  now: number,
): RunReport {
  // A worker leaves its row behind until its tasks are settled: one without a row ran where a backup was taken.
  if (!orphan.worker_known) return { kind: "released", alone: orphan.alone };
  if (options.stuck?.has(orphan.worker_id) !== true) return { kind: "crashed", alone: orphan.alone };
  const isOver = Date.parse(orphan.claimed_at) + processor.hardTimeoutMs <= now;
  return isOver ? { kind: "timed_out", reason: "hard" } : { kind: "released", alone: orphan.alone };
}
