// Registers the configuration in the store and plans what it expects.

import type { Registry } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { PROD } from "../../domain/namespace.ts";
import { plural } from "../../domain/plural.ts";
import { type Connection, type Database, isContention, transaction } from "../../store/database.ts";
import { readInstant } from "../../store/ledger/planning.ts";
import { findCodeVersion, type Registration, registerConfiguration } from "../../store/queue/registry.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import { type Planned, planOpenSlices, replanEdges } from "./planner.ts";

/** How often a registration that loses a race is tried again. */
const RACES = 3;

/**
 * Writes the registry, makes edges anew where needs have changed, and plans all that is open and missing. `onRegistered` is
 * told in the registering transaction.
 */
export async function registerAndPlan(
  database: Database,
  registry: Registry,
  codeVersion: string,
  namespace: string,
  onRegistered: (connection: Connection, registration: Registration) => Promise<void> = async () => undefined,
): Promise<Registration & Planned> {
  const now = await readInstant(database);
  const register = () =>
    transaction(database, async (connection) => {
      const changed = await registerConfiguration(connection, namespace, registry, codeVersion);
      await replanEdges(connection, registry, namespace, changed.needsChanged, now);
      await onRegistered(connection, changed);
      return changed;
    });
  const registration = await winning(register);
  const planned = await planOpenSlices(database, registry, namespace, now, new Set());
  return { ...registration, ...planned };
}

/** Tries again when it lost a race to tasks that are made, claimed or settled meanwhile; what it does, it can do anew. */
async function winning<T>(work: () => Promise<T>): Promise<T> {
  for (let races = 0; ; races += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isContention(error) || races === RACES) throw error;
    }
  }
}

/** Refuses to put another code version in place of one that live workers run in `prod`. Throws CODE_VERSION_IN_USE. */
export async function assertVersionFree(database: Database, codeVersion: string): Promise<void> {
  const registered = await findCodeVersion(database, PROD);
  if (registered === undefined || registered === codeVersion) return;
  const live = (await listWorkers(database)).filter(
    (worker) => worker.namespace === PROD && !worker.lease_expired,
  );
  if (live.length === 0) return;
  throw new HeadworksError({
    code: "CODE_VERSION_IN_USE",
    message: `${plural(live.length, "live worker runs", "live workers run")} the code version ${registered}, this one is ${codeVersion}`,
    hint: "restart them with this version first, or run the command from the version that they run",
  });
}
