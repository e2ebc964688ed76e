// Headworks as a runner process has it: services, a worker with its listener, and the renewal of its lease.

import { join } from "node:path";
import { compileRegistry } from "../../../headworks/src/define/compile/registry-of.ts";
import { pipeline } from "../../../headworks/src/define/pipeline.ts";
import type { Processor } from "../../../headworks/src/define/processor.ts";
import { registerAndPlan } from "../../../headworks/src/engine/planning/registration.ts";
import { openServices } from "../../../headworks/src/engine/run/open-services.ts";
import type { RunServices } from "../../../headworks/src/engine/run/services.ts";
import type { SettledRun } from "../../../headworks/src/engine/settlement/settled-run.ts";
import { LEASE_MS, LeaseRenewal } from "../../../headworks/src/engine/worker/leases.ts";
import { Worker } from "../../../headworks/src/engine/worker/worker.ts";
import { openDatabase } from "../../../headworks/src/store/database.ts";
import { ReadyListener } from "../../../headworks/src/store/listener.ts";
import { migrate } from "../../../headworks/src/store/migrate.ts";
import type { Place, Working } from "../contender.ts";

export const NAMESPACE = "prod";
export const CODE_VERSION = "bench";
export const CONCURRENCY = 2_000;
export const CONNECTIONS = 8;

export interface OpenRunner {
  services: RunServices;
  /** Starts a worker, as a runner process of its own would. */
  start(onSettled?: (run: SettledRun) => void): Promise<Working>;
  close(): Promise<void>;
}

/** Migrates, registers these processors, and plans what is open of them. */
export async function openRunner(
  { databaseUrl, folder }: Place,
  processors: readonly Processor[],
): Promise<OpenRunner> {
  const setUp = openDatabase({ url: databaseUrl, role: "bench", maxConnections: 1 });
  await migrate(setUp).finally(() => setUp.end());
  const registry = compileRegistry([pipeline("bench", { phases: ["all"], processors })], {
    environment: {},
    sources: [],
  });
  const services = openServices({
    namespace: NAMESPACE,
    registry,
    databaseUrl,
    dataDir: join(folder, "runner"),
    codeVersion: CODE_VERSION,
    environment: {},
    log: { format: "json", level: "warn" },
    maxConnections: CONNECTIONS,
  });
  await registerAndPlan(services.database, registry, CODE_VERSION, NAMESPACE);
  return {
    services,
    start: (onSettled) => startWorker(services, databaseUrl, onSettled),
    close: () => services.close(),
  };
}

async function startWorker(
  services: RunServices,
  databaseUrl: string,
  onSettled?: (run: SettledRun) => void,
): Promise<Working> {
  const leases = new LeaseRenewal(services.database, services.log);
  const worker = new Worker({
    services,
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
    ...(onSettled && { onSettled }),
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
