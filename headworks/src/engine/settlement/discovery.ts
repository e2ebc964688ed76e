// Puts the partitions that runs discovered into the ledger, with their outputs and edges, in the runs' settlement.

import { Temporal } from "temporal-polyfill";
import { type CompiledProcessor, processorNamed, type Registry } from "../../define/registry.ts";
import { append } from "../../domain/append.ts";
import { PROD } from "../../domain/namespace.ts";
import type { Connection } from "../../store/database.ts";
import {
  deleteEdgesOfMembers,
  insertDiscoveredEdges,
  listSelectedProcessors,
  replacePartitions,
} from "../../store/ledger/planning.ts";
import { memberNeeds, type Slice } from "../planning/plan.ts";
import { makeEdges, planSlices } from "../planning/planner.ts";
import { type DiscoveredPartition, endedAt } from "../run/finished-run.ts";
import type { SettledRun, Settler } from "./settled-run.ts";

/** What discoveries did to the ledger, by the ids of outputs. */
export interface Discovered {
  /** Those that may be released: new ones that need something, ones that are back, and ones that no longer wait for a member that moved away. */
  candidates: number[];
  /** Those whose partition is gone. */
  waived: number[];
}

/** Writes what these settled runs discovered; the caller releases. Of a run whose rows are discarded nothing is taken over. */
export async function settleDiscoveries(
  connection: Connection,
  settler: Settler,
  held: readonly SettledRun[],
): Promise<Discovered> {
  const discovering = held.filter(
    ({ run, settlement }) => run.discovered.size > 0 && settlement.rows === "merged",
  );
  const all: Discovered = { candidates: [], waived: [] };
  for (const [namespace, runs] of Map.groupBy(discovering, ({ run }) => run.task.namespace)) {
    const { candidates, waived } = await settleIn(connection, settler, namespace, runs);
    append(all.candidates, candidates);
    append(all.waived, waived);
  }
  return all;
}

async function settleIn(
  connection: Connection,
  { registry }: Settler,
  namespace: string,
  runs: readonly SettledRun[],
): Promise<Discovered> {
  const slices: Slice[] = [];
  const candidates: number[] = [];
  const waived = new Set<number>();
  for (const { run, settlement } of runs) {
    for (const [set, partitions] of run.discovered) {
      const replaced = await replacePartitions(connection, {
        namespace,
        set,
        outputId: run.task.output_id,
        keys: partitions.map((each) => each.key),
        parents: partitions.map((each) => each.parent),
        // A list that fell short takes nothing away.
        isComplete: settlement.output === "complete",
      });
      for (const id of replaced.returned) waived.delete(id);
      for (const id of replaced.waived) waived.add(id);
      append(candidates, replaced.returned);
      append(candidates, replaced.freed);
      await moveMembers(connection, registry, namespace, set, partitions, replaced.moved);
      append(slices, slicesIn(await membersPlanned(connection, registry, namespace, set), partitions));
    }
  }
  const lastEnd = Math.max(...runs.map(({ run }) => endedAt(run)));
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(lastEnd));
  const { held } = await planSlices(connection, registry, namespace, slices, at);
  const discoverers = runs.map(({ run }) => run.task.output_id);
  await insertDiscoveredEdges(connection, discoverers, memberNeeds(registry));
  return { candidates: [...candidates, ...held], waived: [...waived] };
}

/** What a member needs depends on the partition that it lies in: unsettled ones get the edges of where they are now. */
async function moveMembers(
  connection: Connection,
  registry: Registry,
  namespace: string,
  set: string,
  partitions: readonly DiscoveredPartition[],
  moved: readonly string[],
): Promise<void> {
  if (moved.length === 0) return;
  const parents = new Map(partitions.map((each) => [each.key, each.parent]));
  const outputs = await deleteEdgesOfMembers(connection, namespace, set, moved);
  const slices = outputs.flatMap(({ processor, partition }) => {
    const parent = parents.get(partition);
    return parent === undefined
      ? []
      : [{ processor: processorNamed(registry, processor), key: partition, parent }];
  });
  await makeEdges(
    connection,
    registry,
    namespace,
    outputs.map((output) => output.id),
    slices,
  );
}

/** The processors whose partitions these are. Of another namespace than `prod`, those that it runs at all: no other was selected. */
async function membersPlanned(
  connection: Connection,
  registry: Registry,
  namespace: string,
  set: string,
): Promise<CompiledProcessor[]> {
  const processors = [...registry.processors.values()].filter(
    (processor) => processor.partitions.kind === "dynamic" && processor.partitions.name === set,
  );
  if (namespace === PROD) return processors;
  const names = processors.map((processor) => processor.name);
  const selected = await listSelectedProcessors(connection, namespace, names);
  return processors.filter((processor) => selected.has(processor.name));
}

function slicesIn(
  processors: readonly CompiledProcessor[],
  partitions: readonly DiscoveredPartition[],
): Slice[] {
  return processors.flatMap((processor) => partitions.map((each) => ({ processor, ...each })));
}
