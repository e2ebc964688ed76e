// The registry's snapshot in the store: what the ledger, the claims and the views know of the configuration.

import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";
import { registerLanes } from "./lanes.ts";
import { registerSchedules } from "./schedules.ts";

const sql = queriesOf(
  "queue/registry",
  "lockRegistry",
  "upsertProcessors",
  "retireProcessors",
  "moveQueuedTasks",
  "upsertQueues",
  "setCodeVersion",
  "findCodeVersion",
);

/** What a registration changed. */
export interface Registration {
  /** Processors whose needs or partitions are no longer those their edges were made from. */
  needsChanged: string[];
  retired: string[];
  retiredSchedules: string[];
}

/** Writes the registry, in the caller's transaction, which it makes the only one that plans or registers. */
export async function registerConfiguration(
  connection: Connection,
  registry: Registry,
  codeVersion: string,
): Promise<Registration> {
  await exec(connection, sql.lockRegistry);
  const processors = [...registry.processors.values()];
  const changed = await many<{ name: string }>(connection, sql.upsertProcessors, [
    JSON.stringify(processors.map((each, position) => snapshotOf(registry, each, position))),
  ]);
  const retired = await many<{ name: string }>(connection, sql.retireProcessors, [
    processors.map((each) => each.name),
  ]);
  await exec(connection, sql.upsertQueues, [
    JSON.stringify(
      [...registry.queues.values()].map((queue) => ({
        name: queue.name,
        rate: queue.rate ?? null,
        burst: queue.burst,
        max_concurrent: queue.maxConcurrent ?? null,
      })),
    ),
  ]);
  await exec(connection, sql.moveQueuedTasks);
  await registerLanes(connection, registry.queues.values());
  const retiredSchedules = await registerSchedules(connection, [...registry.schedules.values()]);
  await exec(connection, sql.setCodeVersion, [codeVersion]);
  return {
    needsChanged: changed.map((row) => row.name),
    retired: retired.map((row) => row.name),
    retiredSchedules,
  };
}

/** Makes this transaction the only one that plans or registers. */
export async function lockRegistry(connection: Connection): Promise<void> {
  await exec(connection, sql.lockRegistry);
}

/** The code version that may claim; undefined before the first registration. */
export async function findCodeVersion(executor: Executor): Promise<string | undefined> {
  return (await findOne<{ code_version: string }>(executor, sql.findCodeVersion))?.code_version;
}

function snapshotOf(registry: Registry, processor: CompiledProcessor, position: number) {
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
