// Headworks as a runner process is: a worker with its listener and its lease, outputs planned by the planner.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { compileRegistry } from "../../../headworks/src/define/compile.ts";
import { hourly } from "../../../headworks/src/define/partition-sets.ts";
import { pipeline } from "../../../headworks/src/define/pipeline.ts";
import { processor } from "../../../headworks/src/define/processor.ts";
import { type Queue, queue } from "../../../headworks/src/define/queue.ts";
import type { Registry } from "../../../headworks/src/define/registry.ts";
import { LEASE_MS, LeaseRenewal } from "../../../headworks/src/engine/leases.ts";
import { openServices } from "../../../headworks/src/engine/open-services.ts";
import { planSlices } from "../../../headworks/src/engine/planner.ts";
import { registerAndPlan } from "../../../headworks/src/engine/registration.ts";
import type { RunServices } from "../../../headworks/src/engine/services.ts";
import { Worker } from "../../../headworks/src/engine/worker.ts";
import { type Database, openDatabase, transaction } from "../../../headworks/src/store/database.ts";
import { ReadyListener } from "../../../headworks/src/store/listener.ts";
import { migrate } from "../../../headworks/src/store/migrate.ts";
import { releasePlanned } from "../../../headworks/src/store/release.ts";
import { hintReadyTasks } from "../../../headworks/src/store/tasks.ts";
import { type Contender, inLots, type Place, type Session, type Settings } from "../contender.ts";
import { packageVersion } from "../package-version.ts";
import { pileHeadworks } from "./headworks-pile.ts";

const NAMESPACE = "prod";
const CODE_VERSION = "bench";
const CONCURRENCY = 1_000;
const CONNECTIONS = 8;
/** Its calendar begins in the far future, so that the planner plans nothing but what the bench asks for: hours long past. */
const HOURS = hourly({ start: "2900-01-01" });
const FIRST_HOUR = Date.UTC(1970, 0, 1);

export const headworks: Contender = {
  name: "headworks",
  version: packageVersion("headworks"),
  settings: `one runner, --concurrency ${CONCURRENCY}, ${CONNECTIONS} connections`,
  keeps: "run history, ledger row, fence",
  open: (place, settings) => openHeadworks(place, settings),
};

async function openHeadworks({ databaseUrl }: Place, settings: Settings): Promise<Session> {
  await migrated(databaseUrl);
  let onStart = () => {};
  const registry = registryOf(settings, () => onStart());
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-bench-"));
  const services = openServices({
    registry,
    databaseUrl,
    dataDir,
    codeVersion: CODE_VERSION,
    environment: {},
    log: { format: "json", level: "warn" },
    maxConnections: CONNECTIONS,
  });
  const { database } = services;
  await registerAndPlan(database, registry, CODE_VERSION, NAMESPACE);
  let next = 0;
  const plan = async (count: number) => {
    await planHours(database, registry, next, count);
    next += count;
    await hintReadyTasks(database);
  };
  return {
    enqueue: (count) => inLots(count, plan),
    enqueueOne: () => plan(1),
    async work(started) {
      onStart = started;
      return startRunner(services, databaseUrl);
    },
    isSettled: () => isSettled(database),
    async pile(store) {
      next += await pileHeadworks(database, store);
    },
    async close() {
      await services.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function migrated(url: string): Promise<void> {
  const database = openDatabase({ url, role: "bench", maxConnections: 1 });
  await migrate(database).finally(() => database.end());
}

function registryOf({ limited, rate }: Settings, run: () => void): Registry {
  const unreachable = { maxDispatchesPerSecond: 1e9, maxBurstSize: 1e9, maxConcurrentDispatches: 1e6 };
  const limits =
    rate === undefined ? limited && unreachable : { maxDispatchesPerSecond: rate, maxBurstSize: 1 };
  const own: { queue?: Queue } = limits ? { queue: queue("limited", limits) } : {};
  const noop = processor("noop", { phase: "all", criticality: "normal", partitions: HOURS, run, ...own });
  return compileRegistry([pipeline("bench", { phases: ["all"], processors: [noop] })], {
    environment: {},
    sources: [],
  });
}

/** Plans and releases hours by the planner, in one transaction: a ledger row and a task for each. */
async function planHours(database: Database, registry: Registry, from: number, count: number): Promise<void> {
  const slices = Array.from({ length: count }, (_, index) => ({
    processor: "noop",
    key: hourKey(from + index),
  }));
  await transaction(database, async (connection) => {
    const now = Temporal.Now.instant();
    const created = await planSlices(connection, registry, NAMESPACE, slices, now);
    await releasePlanned(connection, created);
  });
}

function hourKey(index: number): string {
  return `${new Date(FIRST_HOUR + index * 3_600_000).toISOString().slice(0, 13)}+00:00`;
}

/** What a runner process starts; its supervisor's renewal of the lease is here too. */
async function startRunner(services: RunServices, databaseUrl: string) {
  const leases = new LeaseRenewal(services.database, services.log);
  const worker = new Worker({
    services,
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
    onRegistered: (id) => leases.add(id, () => void worker.leaseLost()),
  });
  const listener = new ReadyListener(databaseUrl, () => worker.wake());
  leases.start();
  await listener.start();
  await worker.start();
  return {
    async stop() {
      await worker.stop(0);
      leases.stop();
      await listener.stop();
    },
  };
}

async function isSettled(database: Database): Promise<boolean> {
  const { rows } = await database.query("select from headworks.tasks limit 1");
  return rows.length === 0;
}
