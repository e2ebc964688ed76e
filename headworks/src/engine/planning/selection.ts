// Plans in another namespace than `prod` exactly what was selected: what that needs besides is read from `prod`.

import { processorNamed, type Registry } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { type Connection, type Database, transaction } from "../../store/database.ts";
import { findParents, findUnexpected, type NamedSlice, readInstant } from "../../store/ledger/planning.ts";
import { releasePlanned } from "../../store/ledger/release.ts";
import { lockRegistry } from "../../store/queue/registry.ts";
import { demandedSlices, edgesOf, type Slice } from "./plan.ts";
import { type Planned, planSlices } from "./planner.ts";

/**
 * Plans these slices in a namespace whose configuration is registered, in one transaction.
 * Throws UPSTREAM_NOT_EXPECTED for what neither the selection nor `prod` has.
 */
export async function planSelection(
  database: Database,
  registry: Registry,
  namespace: string,
  selection: readonly NamedSlice[],
): Promise<Planned> {
  return transaction(database, async (connection) => {
    await lockRegistry(connection, namespace);
    const now = await readInstant(connection);
    const slices = await slicesOf(connection, registry, namespace, selection);
    const { outputs, released, held } = await planSlices(connection, registry, namespace, slices, now);
    await requireUpstream(connection, registry, namespace, slices);
    return { outputs, released: released + (await releasePlanned(connection, held)) };
  });
}

async function slicesOf(
  connection: Connection,
  registry: Registry,
  namespace: string,
  selection: readonly NamedSlice[],
): Promise<Slice[]> {
  const slices = selection.map(({ processor, partition }): Slice => {
    return { processor: processorNamed(registry, processor), key: partition };
  });
  const members = slices.flatMap((slice) => {
    const { partitions } = slice.processor;
    return partitions.kind === "dynamic" ? [{ slice, set: partitions.name }] : [];
  });
  const asked = members.map(({ slice, set }) => ({ namespace, set, key: slice.key }));
  for (const [place, parent] of (await findParents(connection, asked)).entries()) {
    const member = members[place];
    if (member !== undefined && parent !== undefined) member.slice.parent = parent;
  }
  return slices;
}

/** A need that leads nowhere would count as satisfied. */
async function requireUpstream(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slices: readonly Slice[],
): Promise<void> {
  const edges = slices.flatMap((slice) => edgesOf(registry, slice));
  const needed = demandedSlices(edges).map(({ processor, key }) => ({
    processor: processor.name,
    partition: key,
  }));
  const missing = await findUnexpected(connection, namespace, needed);
  if (missing === undefined) return;
  const name = `${missing.processor}[${missing.partition}]`;
  throw new HeadworksError({
    code: "UPSTREAM_NOT_EXPECTED",
    message: `what was selected for ${namespace} needs ${name}, which is neither selected nor expected in prod`,
    hint: `add ${name} to the selection`,
  });
}
