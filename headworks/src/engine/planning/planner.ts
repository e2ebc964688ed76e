// The planner puts into the ledger what ought to exist: at start, every half minute for what has opened since, and
// whenever a run discovers partitions. When it dies, the next start plans all that is missing, of any age.

import type { Temporal } from "temporal-polyfill";
import { processorNamed, type Registry } from "../../define/registry.ts";
import { append } from "../../domain/append.ts";
import { PROD } from "../../domain/namespace.ts";
import { type Connection, type Database, transaction } from "../../store/database.ts";
import { insertFreeOutputs, insertOutputs, type OutputRow } from "../../store/ledger/new-outputs.ts";
import type { OutputKey } from "../../store/ledger/planning.queries.ts";
import {
  deleteEdgesOf,
  insertEdges,
  insertMemberEdges,
  listMembers,
  retractTasks,
} from "../../store/ledger/planning.ts";
import { releasePlanned } from "../../store/ledger/release.ts";
import { findCodeVersion, lockRegistry } from "../../store/queue/registry.ts";
import { listOpenSlices, listSlicesOf } from "./open-slices.ts";
import { demandedSlices, edgesOf, memberNeeds, outputRow, type PlannedEdge, type Slice } from "./plan.ts";

const SLICES_PER_BATCH = 5_000;

export interface Planned {
  /** Outputs that are expected since this plan. */
  outputs: number;
  /** Tasks made ready or scheduled. */
  released: number;
}

/**
 * Plans every slice that is open at `now` and missing in the ledger. `known` remembers, across calls in one process,
 * what was planned already, so that a later call only looks at what has opened since. With a `codeVersion`, nothing is
 * planned once another one is registered: its needs may be others.
 */
export async function planOpenSlices(
  database: Database,
  registry: Registry,
  namespace: string,
  now: Temporal.Instant,
  known: Set<string>,
  codeVersion?: string,
): Promise<Planned> {
  const slices = (await listOpenSlices(database, registry, namespace, now)).filter(
    (slice) => !known.has(nameOf(slice)),
  );
  const planned: Planned = { outputs: 0, released: 0 };
  for (let from = 0; from < slices.length; from += SLICES_PER_BATCH) {
    const batch = slices.slice(from, from + SLICES_PER_BATCH);
    await transaction(database, async (connection) => {
      await lockRegistry(connection, namespace);
      const registered = codeVersion && (await findCodeVersion(connection, namespace));
      if (registered !== codeVersion) return;
      const { outputs, released } = await planAndRelease(connection, registry, namespace, batch, now);
      planned.outputs += outputs;
      planned.released += released;
    });
    for (const slice of batch) known.add(nameOf(slice));
  }
  return planned;
}

/**
 * Writes the outputs and edges of these slices, and of all that they need and that isn't in the ledger yet, and the tasks
 * of what may run, in the caller's transaction.
 */
export async function planAndRelease(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slices: readonly Slice[],
  now: Temporal.Instant,
): Promise<Planned> {
  const { outputs, released, held } = await planSlices(connection, registry, namespace, slices, now);
  return { outputs, released: released + (await releasePlanned(connection, held)) };
}

/**
 * The same without a look at what new outputs need: gives the ids of those that need something, for the caller to release.
 * In another namespace than `prod` exactly these slices are planned; what they need besides is the output of `prod`.
 */
export async function planSlices(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slices: readonly Slice[],
  now: Temporal.Instant,
): Promise<Planned & { held: number[] }> {
  const held: number[] = [];
  const planned: Planned = { outputs: 0, released: 0 };
  const edges: PlannedEdge[] = [];
  let wanted = slices;
  while (wanted.length > 0) {
    const free: OutputRow[] = [];
    const needing: OutputRow[] = [];
    for (const slice of wanted) {
      (slice.processor.needs.length === 0 ? free : needing).push(outputRow(slice, now));
    }
    const made = await insertFreeOutputs(connection, namespace, free);
    const inserted = await insertOutputs(connection, namespace, needing);
    planned.outputs += made.outputs + inserted.length;
    planned.released += made.released;
    if (inserted.length === 0) break;
    append(
      held,
      inserted.map((row) => row.id),
    );
    const fresh = slicesOf(inserted, wanted).flatMap((slice) => edgesOf(registry, slice));
    append(edges, fresh);
    wanted = namespace === PROD ? distinct(demandedSlices(fresh)) : [];
  }
  await insertEdges(
    connection,
    namespace,
    edges.map(({ row }) => row),
  );
  if (held.length > 0) await insertMemberEdges(connection, held, memberNeeds(registry));
  return { ...planned, held };
}

/**
 * Makes the edges of unsettled outputs anew, for processors whose needs have changed, and what they need now where it
 * isn't in the ledger yet. What was ready by the old needs is taken back, and released by the new ones.
 */
export async function replanEdges(
  connection: Connection,
  registry: Registry,
  namespace: string,
  processors: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  if (processors.length === 0) return;
  const held: number[] = [];
  if (namespace === PROD)
    for (const name of neededBy(registry, processors)) {
      const slices = await listSlicesOf(connection, processorNamed(registry, name), namespace, now);
      append(held, (await planSlices(connection, registry, namespace, slices, now)).held);
    }
  const outputs = await deleteEdgesOf(connection, namespace, processors);
  const ids = outputs.map((output) => output.id);
  const slices = await slicesOfOutputs(connection, registry, namespace, outputs);
  if (namespace === PROD) append(held, await planDemanded(connection, registry, namespace, slices, now));
  await makeEdges(connection, registry, namespace, ids, slices);
  await retractTasks(connection, ids);
  await releasePlanned(connection, [...held, ...ids]);
}

/** Writes the edges of outputs that are in the ledger, to all that is in the ledger. */
export async function makeEdges(
  connection: Connection,
  registry: Registry,
  namespace: string,
  ids: readonly number[],
  slices: readonly Slice[],
): Promise<void> {
  if (ids.length === 0) return;
  const edges = slices.flatMap((slice) => edgesOf(registry, slice));
  await insertEdges(
    connection,
    namespace,
    edges.map(({ row }) => row),
  );
  await insertMemberEdges(connection, ids, memberNeeds(registry));
}

async function planDemanded(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slices: readonly Slice[],
  now: Temporal.Instant,
): Promise<number[]> {
  const demanded = distinct(demandedSlices(slices.flatMap((slice) => edgesOf(registry, slice))));
  return (await planSlices(connection, registry, namespace, demanded, now)).held;
}

function neededBy(registry: Registry, processors: readonly string[]): Set<string> {
  const needs = processors.flatMap((name) => processorNamed(registry, name).needs);
  return new Set(needs.flatMap((need) => need.options.map((option) => option.processor)));
}

async function slicesOfOutputs(
  connection: Connection,
  registry: Registry,
  namespace: string,
  outputs: readonly OutputKey[],
): Promise<Slice[]> {
  const parents = await parentsOf(connection, registry, namespace);
  return outputs.map((output) => {
    const processor = processorNamed(registry, output.processor);
    const set = processor.partitions;
    const parent = set.kind === "dynamic" ? parents.get(`${set.name} ${output.partition}`) : undefined;
    return { processor, key: output.partition, ...(parent && { parent }) };
  });
}

async function parentsOf(
  connection: Connection,
  registry: Registry,
  namespace: string,
): Promise<Map<string, string>> {
  const parents = new Map<string, string>();
  for (const set of registry.discoverers.keys()) {
    for (const each of new Set([PROD, namespace]))
      for (const { key, parent } of await listMembers(connection, each, set))
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

function nameOf(slice: Slice): string {
  return `${slice.processor.name} ${slice.key}`;
}
