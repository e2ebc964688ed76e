// The planner puts into the ledger what ought to exist: at start, every half minute for what has opened since, and
// whenever a run discovers partitions. When it dies, the next start plans all that is missing, of any age.

import type { Temporal } from "temporal-polyfill";
import type { CompiledProcessor, Registry } from "../define/registry.ts";
import { openKeys, SINGLE_KEY } from "../domain/partitions.ts";
import { type Connection, type Database, transaction } from "../store/database.ts";
import {
  deleteEdgesOf,
  insertEdges,
  insertMemberEdges,
  insertOutputs,
  listMembers,
  type OutputKey,
} from "../store/planning.ts";
import { lockRegistry } from "../store/registry.ts";
import { releaseDownstream } from "../store/settlement.ts";
import { demandedSlices, edgeRows, memberNeeds, outputRow, type Slice } from "./plan.ts";

const SLICES_PER_BATCH = 5_000;

export interface Planned {
  /** Outputs that are expected since this plan. */
  outputs: number;
  /** Tasks made ready or scheduled. */
  released: number;
}

/**
 * Plans every slice that is open at `now` and missing in the ledger. `known` remembers, across calls in one process,
 * what was planned already, so that a later call only looks at what has opened since.
 */
export async function planOpenSlices(
  database: Database,
  registry: Registry,
  namespace: string,
  now: Temporal.Instant,
  known: Set<string>,
): Promise<Planned> {
  const slices = (await listOpenSlices(database, registry, namespace, now)).filter(
    (slice) => !known.has(nameOf(slice)),
  );
  const planned: Planned = { outputs: 0, released: 0 };
  for (let from = 0; from < slices.length; from += SLICES_PER_BATCH) {
    const batch = slices.slice(from, from + SLICES_PER_BATCH);
    await transaction(database, async (connection) => {
      await lockRegistry(connection);
      const created = await planSlices(connection, registry, namespace, batch, now);
      planned.outputs += created.length;
      planned.released += await releaseDownstream(connection, [], created);
    });
    for (const slice of batch) known.add(nameOf(slice));
  }
  return planned;
}

/**
 * Writes the outputs and edges of these slices, and of all that they need and that isn't in the ledger yet, in the
 * caller's transaction. Gives the ids of the new outputs; the caller releases them.
 */
export async function planSlices(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slices: readonly Slice[],
  now: Temporal.Instant,
): Promise<number[]> {
  const created: number[] = [];
  const edges = [];
  let wanted = slices;
  while (wanted.length > 0) {
    const rows = wanted.map((slice) => outputRow(processorOf(registry, slice), slice, now));
    const inserted = await insertOutputs(connection, namespace, rows);
    created.push(...inserted.map((row) => row.id));
    const fresh = slicesOf(inserted, wanted).flatMap((slice) =>
      edgeRows(registry, processorOf(registry, slice), slice),
    );
    edges.push(...fresh);
    wanted = distinct(demandedSlices(registry, fresh));
  }
  await insertEdges(connection, namespace, edges);
  if (created.length > 0) await insertMemberEdges(connection, created, memberNeeds(registry));
  return created;
}

/** Makes the edges of unsettled outputs anew, for processors whose needs have changed. */
export async function replanEdges(
  connection: Connection,
  registry: Registry,
  namespace: string,
  processors: readonly string[],
): Promise<void> {
  if (processors.length === 0) return;
  const outputs = await deleteEdgesOf(connection, namespace, processors);
  const parents = await parentsOf(connection, registry, namespace);
  const edges = outputs.flatMap((output) => {
    const processor = processorOf(registry, output);
    const set = processor.partitions;
    const parent = set.kind === "dynamic" ? parents.get(`${set.name} ${output.partition}`) : undefined;
    return edgeRows(registry, processor, {
      processor: output.processor,
      key: output.partition,
      ...(parent && { parent }),
    });
  });
  await insertEdges(connection, namespace, edges);
  await insertMemberEdges(
    connection,
    outputs.map((output) => output.id),
    memberNeeds(registry),
  );
}

async function listOpenSlices(
  database: Database,
  registry: Registry,
  namespace: string,
  now: Temporal.Instant,
): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (const processor of registry.processors.values()) {
    slices.push(...(await listSlicesOf(database, processor, namespace, now)));
  }
  return slices;
}

async function listSlicesOf(
  database: Database,
  processor: CompiledProcessor,
  namespace: string,
  now: Temporal.Instant,
): Promise<Slice[]> {
  const { name, partitions } = processor;
  switch (partitions.kind) {
    case "single":
      return [{ processor: name, key: SINGLE_KEY }];
    case "calendar":
      return openKeys(partitions, now).map((key) => ({ processor: name, key }));
    case "dynamic":
      return (await listMembers(database, namespace, partitions.name)).map((member) => ({
        processor: name,
        ...member,
      }));
  }
}

async function parentsOf(
  connection: Connection,
  registry: Registry,
  namespace: string,
): Promise<Map<string, string>> {
  const parents = new Map<string, string>();
  for (const set of registry.discoverers.keys()) {
    for (const { key, parent } of await listMembers(connection, namespace, set))
      parents.set(`${set} ${key}`, parent);
  }
  return parents;
}

function slicesOf(inserted: readonly OutputKey[], wanted: readonly Slice[]): Slice[] {
  const byName = new Map(wanted.map((slice) => [nameOf(slice), slice]));
  return inserted.flatMap((row) => byName.get(`${row.processor} ${row.partition}`) ?? []);
}

function distinct(slices: readonly Slice[]): Slice[] {
  return [...new Map(slices.map((slice) => [nameOf(slice), slice])).values()];
}

function processorOf(registry: Registry, named: { processor: string }): CompiledProcessor {
  const processor = registry.processors.get(named.processor);
  if (processor === undefined) throw new Error(`the registry has no processor ${named.processor}`);
  return processor;
}

function nameOf(slice: Slice): string {
  return `${slice.processor} ${slice.key}`;
}
