// Workers, claims and settlements by hand, for tests of what happens between them.

import { processorNamed } from "../define/registry.ts";
import { uuidv7 } from "../engine/ids.ts";
import { bareRun, type FinishedRun } from "../engine/run/finished-run.ts";
import { settleGroup } from "../engine/settlement/settle.ts";
import type { SettledGroup, Settler } from "../engine/settlement/settled-run.ts";
import { hostName, ownProcessKey } from "../engine/worker/process-key.ts";
import type { Database } from "../store/database.ts";
import { claimFromLanes } from "../store/queue/lanes.ts";
import type { ClaimedTask } from "../store/queue/tasks.queries.ts";
import { claimTasks } from "../store/queue/tasks.ts";
import { registerWorker } from "../store/queue/workers.ts";
import { NAMESPACE, type World } from "./engine.ts";

/** A worker that is registered and does nothing by itself. */
export async function enlist(world: World, options: { leaseMs?: number } = {}): Promise<string> {
  const id = uuidv7();
  const identity = {
    id,
    namespace: world.services.namespace,
    host: hostName(),
    processKey: await ownProcessKey(),
    codeVersion: world.services.codeVersion,
    concurrency: 1,
  };
  await registerWorker(world.db.database, identity, options.leaseMs ?? 60_000);
  return id;
}

/** Claims up to `limit` ready tasks of a queue. */
export async function claim(
  world: World,
  worker: string,
  options: { queue?: string; limit?: number; codeVersion?: string; database?: Database } = {},
): Promise<ClaimedTask[]> {
  const queue = world.registry.queues.get(options.queue ?? "default");
  if (queue === undefined) throw new Error(`there is no queue ${options.queue}`);
  const { namespace, codeVersion } = world.services;
  const claimant = { worker, namespace, codeVersion: options.codeVersion ?? codeVersion };
  const ids = Array.from({ length: options.limit ?? 100 }, () => uuidv7());
  const database = options.database ?? world.db.database;
  if (queue.lanes.length > 0 || namespace !== NAMESPACE)
    return claimFromLanes(database, queue, claimant, ids);
  return claimTasks(database, queue, claimant, ids);
}

/** A run of this task that has returned: with one record, unless told otherwise. */
export function returned(world: World, task: ClaimedTask, more: Partial<FinishedRun> = {}): FinishedRun {
  const processor = processorNamed(world.registry, task.processor);
  const report = { kind: "returned", records: 1, rejected: 0, declaredEmpty: false } as const;
  return { ...bareRun(task, processor, report, null), records: 1, ...more };
}

/** Settles runs of one worker in one transaction. */
export async function settleRuns(
  world: World,
  worker: string,
  runs: readonly FinishedRun[],
  database: Database = world.db.database,
): Promise<SettledGroup> {
  return settleGroup(database, settlerOf(world, worker), runs);
}

export function settlerOf({ registry, services }: World, worker: string): Settler {
  const { namespace, codeVersion } = services;
  return { namespace, registry, worker, codeVersion, random: Math.random };
}
