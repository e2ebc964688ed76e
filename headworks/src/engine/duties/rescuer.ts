// The rescuer takes over tasks whose worker is gone, every few seconds and at start. When it dies, the next one does it.

import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import type { RunReport } from "../../domain/settlement/settle.ts";
import { type Connection, type Database, transaction } from "../../store/database.ts";
import type { RunRow } from "../../store/ledger/settlement.queries.ts";
import { deleteStagedRows, deleteTasks, insertRuns } from "../../store/ledger/settlement.ts";
import type { OrphanedTask } from "../../store/queue/workers.queries.ts";
import {
  expireLeases,
  listWorkers,
  lockOrphanedTasks,
  removeDeadWorkers,
} from "../../store/queue/workers.ts";
import { bareEnd, bareRun, type FinishedRun } from "../run/finished-run.ts";
import type { RunServices } from "../run/services.ts";
import type { Timeouts } from "../run/timeouts.ts";
import { causeOf } from "../settlement/cause.ts";
import { runRow } from "../settlement/rows.ts";
import { decideHeld, settleLocked } from "../settlement/settle.ts";
import { NO_ROWS } from "../settlement/settled-run.ts";
import type { LeaseRenewal } from "../worker/leases.ts";
import { isKnownDead } from "../worker/process-key.ts";

const TASKS_AT_ONCE = 200;

const RETIRED = "its process died, and its processor is no longer in the configuration";
const RETIRED_END = {
  outcome: "error",
  reason: "crashed",
  task: { to: "deleted" },
  usesAttempt: false,
} as const;

export interface RescueOptions {
  namespace: string;
  registry: Registry;
  /** Workers that were killed because a run of theirs didn't end: their other runs are abandoned, and are not isolated. */
  stuck?: ReadonlySet<string>;
  /** Default: what was declared. */
  timeouts?: Timeouts;
  random?: () => number;
}

/** Takes over, for one process, what dead workers left. */
export class Rescuer {
  readonly #services: Pick<RunServices, "database" | "namespace" | "registry" | "timeouts">;
  readonly #leases: Pick<LeaseRenewal, "renew">;
  readonly #stuck = new Set<string>();

  /** `leases` are those of this process. */
  constructor(
    services: Pick<RunServices, "database" | "namespace" | "registry" | "timeouts">,
    leases: Pick<LeaseRenewal, "renew">,
  ) {
    this.#services = services;
    this.#leases = leases;
  }

  /** This worker is about to be killed for a run that doesn't end. Said before: whoever finds it dead then knows why. */
  noteStuck(worker: string): void {
    this.#stuck.add(worker);
  }

  /** Gives the number of tasks taken over. */
  async rescue(): Promise<number> {
    const { database, namespace, registry, timeouts } = this.#services;
    await this.#leases.renew();
    await expireDeadNeighbors(database);
    return rescueOrphans(database, { namespace, registry, stuck: this.#stuck, timeouts });
  }
}

/** Settles what dead workers of a namespace left: each run as crashed, timed out or released. Gives the number of tasks taken over. */
export async function rescueOrphans(database: Database, options: RescueOptions): Promise<number> {
  let rescued = 0;
  for (;;) {
    const batch = await transaction(database, (connection) => rescueBatch(connection, options));
    rescued += batch;
    if (batch < TASKS_AT_ONCE) break;
  }
  await removeDeadWorkers(database);
  return rescued;
}

async function rescueBatch(connection: Connection, options: RescueOptions): Promise<number> {
  const { namespace, registry, random = Math.random } = options;
  const known = registry.processors;
  const orphans = await lockOrphanedTasks(connection, namespace, TASKS_AT_ONCE, [...known.keys()]);
  await endRetired(
    connection,
    orphans.filter((task) => !known.has(task.processor)),
  );
  for (const [worker, tasks] of Map.groupBy(orphans, (task) => task.worker_id)) {
    const codeVersion = tasks[0]?.code_version ?? "unknown";
    const settler = { namespace, registry, worker, codeVersion, random };
    const runs = tasks.flatMap((task) => orphanedRun(options, task));
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
}

/** Ends the leases of workers on this host whose process is gone, so that nobody waits for them to run out. */
export async function expireDeadNeighbors(database: Database): Promise<number> {
  const dead: string[] = [];
  for (const worker of await listWorkers(database)) {
    if (!worker.lease_expired && (await isKnownDead(worker.process_key))) dead.push(worker.id);
  }
  if (dead.length > 0) await expireLeases(database, dead);
  return dead.length;
}

/** Tasks of processors that are in no configuration any more go, as they do at registration; the run stays in the history. */
async function endRetired(connection: Connection, retired: readonly OrphanedTask[]): Promise<void> {
  await insertRuns(connection, retired.map(retiredRunRow));
  await deleteTasks(
    connection,
    retired.map((task) => task.id),
  );
}

function retiredRunRow(task: OrphanedTask): RunRow {
  const report = { kind: "crashed", alone: task.alone } as const;
  const run = { ...bareEnd(task, report, null, task.held_ms), note: RETIRED };
  const settler = { worker: task.worker_id, codeVersion: task.code_version };
  const cause = causeOf(run, RETIRED_END);
  return runRow(settler, { run, settlement: RETIRED_END, cause, counts: NO_ROWS });
}

function orphanedRun(options: RescueOptions, orphan: OrphanedTask): FinishedRun[] {
  const processor = options.registry.processors.get(orphan.processor);
  if (processor === undefined) return [];
  const report = reportOf(options, orphan, processor);
  return [bareRun(orphan, processor, report, null, orphan.held_ms)];
}

function reportOf(options: RescueOptions, orphan: OrphanedTask, processor: CompiledProcessor): RunReport {
  // A worker leaves its row behind until its tasks are settled: one without a row ran where a backup was taken.
  if (!orphan.worker_known) return { kind: "abandoned", alone: orphan.alone };
  if (options.stuck?.has(orphan.worker_id) !== true) return { kind: "crashed", alone: orphan.alone };
  const limitMs = options.timeouts?.of(processor).ms ?? processor.hardTimeoutMs;
  const isOver = orphan.held_ms >= limitMs;
  return isOver ? { kind: "timed_out", reason: "hard" } : { kind: "abandoned", alone: orphan.alone };
}
