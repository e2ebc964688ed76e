// The registry's snapshot in the store: what the ledger, the claims and the views know of the configuration.

import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { namespaceKindOf, PROD } from "../../domain/namespace.ts";
import type { Connection, Executor } from "../database.ts";
import { createSchemas } from "../dataset/overlay.ts";
import { registerLanes, registerNamespaceLanes } from "./lanes.ts";
import * as sql from "./registry.queries.ts";
import { registerSchedules } from "./schedules.ts";

/** What a registration changed. */
export interface Registration {
  /** Processors whose needs or partitions are no longer those their edges were made from. */
  needsChanged: string[];
  retired: string[];
  retiredSchedules: string[];
}

/**
 * Writes the registry of a namespace, in the caller's transaction, which it makes the only one that plans or registers
 * there. That of another namespace than `prod` leaves queues and schedules as they are: it gets lanes of its own.
 */
export async function registerConfiguration(
  connection: Connection,
  namespace: string,
  registry: Registry,
  codeVersion: string,
): Promise<Registration> {
  await lockRegistry(connection, namespace);
  const processors = [...registry.processors.values()];
  const changed = await sql.upsertProcessors(connection, {
    namespace,
    processors: processors.map((each, position) => snapshotOf(registry, each, position)),
  });
  const retired = await sql.retireProcessors(connection, {
    namespace,
    kept: processors.map((each) => each.name),
  });
  const retiredSchedules =
    namespace === PROD
      ? await registerShared(connection, registry)
      : await registerApart(connection, namespace, registry);
  await sql.setCodeVersion(connection, { namespace, code_version: codeVersion });
  return {
    needsChanged: changed.map((row) => row.name),
    retired: retired.map((row) => row.name),
    retiredSchedules,
  };
}

/** What all namespaces share is as `prod` declares it. Gives the schedules that are retired. */
async function registerShared(connection: Connection, registry: Registry): Promise<string[]> {
  await sql.upsertQueues(connection, { queues: queueRows(registry) });
  await sql.moveQueuedTasks(connection, { namespace: PROD });
  await registerLanes(connection, registry.queues.values());
  return registerSchedules(connection, [...registry.schedules.values()]);
}

async function registerApart(connection: Connection, namespace: string, registry: Registry): Promise<[]> {
  await sql.insertMissingQueues(connection, { queues: queueRows(registry) });
  await registerNamespaceLanes(connection, namespace, registry.queues.values());
  await sql.moveQueuedTasks(connection, { namespace });
  return [];
}

function queueRows(registry: Registry): sql.DeclaredQueue[] {
  return [...registry.queues.values()].map((queue) => ({
    name: queue.name,
    rate: queue.rate ?? null,
    burst: queue.burst,
    max_concurrent: queue.maxConcurrent ?? null,
  }));
}

/** Makes this transaction the only one that plans or registers in the namespace. */
export async function lockRegistry(connection: Connection, namespace: string): Promise<void> {
  await sql.lockRegistry(connection, { namespace });
}

/** Makes a namespace that overlays `prod`, with its schemas; one that is there stays as it is. Throws NAMESPACE_NAME_INVALID. */
export async function createNamespace(connection: Connection, name: string): Promise<void> {
  const kind = namespaceKindOf(name);
  if (kind === undefined)
    throw new HeadworksError({
      code: "NAMESPACE_NAME_INVALID",
      message: `"${name}" can't name a namespace`,
      hint: "begin with batch_ or replay_, go on with up to 40 lower-case letters, digits and _, and don't end with _rows",
    });
  await sql.createNamespace(connection, { name, kind });
  await createSchemas(connection, name);
}

/** Every namespace, `prod` first. */
export async function listNamespaces(executor: Executor): Promise<string[]> {
  return (await sql.listNamespaceNames(executor)).map((row) => row.name);
}

/** The code version that may claim in the namespace; undefined before its first registration. */
export async function findCodeVersion(executor: Executor, namespace: string): Promise<string | undefined> {
  return (await sql.findCodeVersion(executor, { namespace }))?.code_version;
}

function snapshotOf(registry: Registry, processor: CompiledProcessor, position: number): sql.ProcessorRow {
  const { needs, partitions } = processor;
  return {
    name: processor.name,
    pipeline: processor.pipeline,
    phase: processor.phase,
    phase_index: processor.phaseIndex,
    position,
    criticality: processor.criticality,
    priority: processor.priority,
    queue: processor.queue.name,
    definition: {
      needs: { needs, partitions, upstream: upstreamOf(registry, processor) },
      set: partitions.kind === "dynamic" ? partitions.name : null,
      datasets: processor.outputs.map((each) => each.name),
      discovers: processor.discovers.map((each) => each.name),
      hard_timeout_ms: processor.hardTimeoutMs,
      expected_by: processor.expectedBy ?? null,
      recheck_every_ms: processor.recheckEveryMs,
      give_up_after_ms: processor.giveUpAfterMs,
    },
  };
}

/** What the edges of a processor depend on besides its own definition. */
function upstreamOf(registry: Registry, processor: CompiledProcessor) {
  const options = processor.needs.flatMap((need) => need.options);
  return options.map((option) => {
    const partitions = registry.processors.get(option.processor)?.partitions;
    if (partitions?.kind !== "dynamic") return { partitions };
    const discoverer = registry.discoverers.get(partitions.name) ?? "";
    return { partitions, discoverer, discoveredBy: registry.processors.get(discoverer)?.partitions };
  });
}
