// Headworks as a runner process is, with outputs that the planner plans.

import { Temporal } from "temporal-polyfill";
import { hourly } from "../../../headworks/src/define/partition-sets.ts";
import { processor } from "../../../headworks/src/define/processor.ts";
import { type QueueOptions, queue } from "../../../headworks/src/define/queue.ts";
import { processorNamed, type Registry } from "../../../headworks/src/define/registry.ts";
import { uuidv7 } from "../../../headworks/src/engine/ids.ts";
import { planAndRelease } from "../../../headworks/src/engine/planning/planner.ts";
import type { RunServices } from "../../../headworks/src/engine/run/services.ts";
import { LEASE_MS } from "../../../headworks/src/engine/worker/leases.ts";
import { hostName, ownProcessKey } from "../../../headworks/src/engine/worker/process-key.ts";
import { type Database, transaction } from "../../../headworks/src/store/database.ts";
import { claimTasks, hintReadyTasks, requeueClaims } from "../../../headworks/src/store/queue/tasks.ts";
import { registerWorker, removeWorker } from "../../../headworks/src/store/queue/workers.ts";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { packageVersion } from "../package-version.ts";
import { pileHeadworks, postponeHeadworks } from "./headworks-pile.ts";
import { CODE_VERSION, CONCURRENCY, CONNECTIONS, NAMESPACE, openRunner } from "./headworks-runner.ts";

/** Its calendar begins in the far future, so that the planner plans nothing but what the bench asks for: hours long past. */
export const HOURS = hourly({ start: "2900-01-01" });
const FIRST_HOUR = Date.UTC(1000, 0, 1);

export const headworks: Contender = {
  name: "headworks",
  version: packageVersion("headworks"),
  settings: `one runner, --concurrency ${CONCURRENCY}, ${CONNECTIONS} connections`,
  keeps: "run history, ledger row, fence",
  open: (place) => openHeadworks(place),
};

/** A token bucket that is never empty and a concurrency that is never reached: the cost of limits, not their effect. */
const UNREACHED = { maxDispatchesPerSecond: 1e9, maxBurstSize: 1e9, maxConcurrentDispatches: 1e6 };

export const headworksLimited: Contender = {
  ...headworks,
  name: "headworks-limited",
  keeps: "run history, ledger row, fence, limits",
  open: (place) => openHeadworks(place, UNREACHED),
};

async function openHeadworks(place: Place, limits?: QueueOptions): Promise<Session> {
  let onStart = () => {};
  const own = limits === undefined ? {} : { queue: queue("limited", limits) };
  const noop = processor("noop", { phase: "all", partitions: HOURS, run: () => onStart(), ...own });
  const runner = await openRunner(place, [noop]);
  const { services } = runner;
  const { database, registry } = services;
  let next = 0;
  const plan = async (count: number) => {
    const from = next;
    next += count;
    await planHours(database, registry, "noop", from, count);
    await hintReadyTasks(database);
  };
  return {
    enqueue: (count) => inLots(count, plan),
    enqueueOne: () => plan(1),
    async work(started) {
      onStart = started;
      return runner.start();
    },
    async isSettled() {
      return (await database.query("select from headworks.tasks limit 1")).rows.length === 0;
    },
    async pile(store) {
      await pileHeadworks(database, store, "default");
      next += store.pending;
    },
    postpone: () => postponeHeadworks(database),
    claim: (tasks) => claimAndRelease(services, tasks),
    close: () => runner.close(),
  };
}

/** Plans and releases hours by the planner, in one transaction: a ledger row and a task for each. */
export async function planHours(
  database: Database,
  registry: Registry,
  name: string,
  from: number,
  count: number,
): Promise<void> {
  const compiled = processorNamed(registry, name);
  const slices = Array.from({ length: count }, (_, index) => ({
    processor: compiled,
    key: hourKey(from + index),
  }));
  await transaction(database, async (connection) => {
    await planAndRelease(connection, registry, NAMESPACE, slices, Temporal.Now.instant());
  });
}

function hourKey(index: number): string {
  return `${new Date(FIRST_HOUR + index * 3_600_000).toISOString().slice(0, 13)}+00:00`;
}

async function claimAndRelease({ database, registry }: RunServices, tasks: number): Promise<number> {
  const queue = registry.queues.get("default");
  if (queue === undefined) throw new Error("there is no default queue");
  const worker = uuidv7();
  const processKey = await ownProcessKey();
  const identity = {
    id: worker,
    namespace: NAMESPACE,
    host: hostName(),
    processKey,
    codeVersion: CODE_VERSION,
    concurrency: tasks,
  };
  await registerWorker(database, identity, LEASE_MS);
  const runIds = Array.from({ length: tasks }, () => uuidv7());
  const began = performance.now();
  const claimed = await claimTasks(
    database,
    queue,
    { worker, namespace: NAMESPACE, codeVersion: CODE_VERSION },
    runIds,
  );
  const milliseconds = performance.now() - began;
  if (claimed.length !== tasks) throw new Error(`${claimed.length} of ${tasks} tasks were claimed`);
  await requeueClaims(database, worker, runIds);
  await removeWorker(database, worker);
  return milliseconds;
}
