// What the planner and discoveries write: outputs that ought to exist, edges between them, partitions found.

import { Temporal } from "temporal-polyfill";
import type { Connection, Executor } from "../database.ts";
import * as sql from "./planning.queries.ts";

export async function insertEdges(
  executor: Executor,
  namespace: string,
  edges: readonly sql.EdgeRow[],
): Promise<void> {
  if (edges.length > 0) await sql.insertEdges(executor, { namespace, edges });
}

/** A slice by name: one partition of one processor. */
export interface NamedSlice {
  processor: string;
  partition: string;
}

/** The first of these slices that neither the namespace nor `prod` expects. */
export async function findUnexpected(
  executor: Executor,
  namespace: string,
  slices: readonly NamedSlice[],
): Promise<NamedSlice | undefined> {
  const [first] = await sql.listUnexpected(executor, {
    namespace,
    processor: slices.map((slice) => slice.processor),
    partition: slices.map((slice) => slice.partition),
  });
  return first;
}

/** Those of these processors that the namespace runs anything of. */
export async function listSelectedProcessors(
  executor: Executor,
  namespace: string,
  processors: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.listSelectedProcessors(executor, { namespace, processors });
  return new Set(rows.map((row) => row.name));
}

/** Edges of new outputs to members discovered before; waits for discoveries that are being settled. */
export async function insertMemberEdges(
  connection: Connection,
  outputIds: readonly number[],
  needs: readonly sql.MemberNeed[],
): Promise<void> {
  if (needs.length === 0) return;
  await sql.lockDiscoverers(connection, { waiting: outputIds });
  await sql.insertMemberEdges(connection, { waiting: outputIds, discovering: [], needs });
}

/** Edges to new members, of all that wait for the outputs that discovered them. */
export async function insertDiscoveredEdges(
  connection: Connection,
  discoveringIds: readonly number[],
  needs: readonly sql.MemberNeed[],
): Promise<void> {
  if (needs.length > 0)
    await sql.insertMemberEdges(connection, { waiting: [], discovering: discoveringIds, needs });
}

/** What one output discovered of a set. */
export interface Discovery {
  namespace: string;
  set: string;
  outputId: number;
  keys: readonly string[];
  parents: readonly string[];
  /** Whether the list is known to be all: then what it no longer names is withdrawn. */
  isComplete: boolean;
}

/** What became of the ledger by a discovery: keys that lie elsewhere now, and ids of outputs. */
export interface Replacement {
  moved: string[];
  /** Withdrawn earlier, and expected again. */
  returned: number[];
  /** Those that waited for a member that lies elsewhere now. */
  freed: number[];
  waived: number[];
}

/** Replaces the list of partitions that one output discovered. */
export async function replacePartitions(
  connection: Connection,
  { namespace, set, outputId, keys, parents, isComplete }: Discovery,
): Promise<Replacement> {
  const of = { namespace, set_name: set };
  const written = await sql.upsertPartitions(connection, {
    ...of,
    discovered_by: outputId,
    key: keys,
    parent: parents,
  });
  const moved = written.filter((row) => row.moved).map((row) => row.key);
  const added = written.filter((row) => !row.moved).map((row) => row.key);
  return {
    moved,
    returned: added.length === 0 ? [] : idsOf(await sql.reopenReturned(connection, { ...of, keys: added })),
    freed: moved.length === 0 ? [] : idsOf(await sql.deleteMovedEdges(connection, { ...of, keys: moved })),
    waived: isComplete
      ? idsOf(await sql.withdrawPartitions(connection, { ...of, discovered_by: outputId, keys }))
      : [],
  };
}

function idsOf(rows: readonly { id: number }[]): number[] {
  return rows.map((row) => row.id);
}

/** The discovered partitions of a set, each with the one it lies in. */
export async function listMembers(
  executor: Executor,
  namespace: string,
  set: string,
): Promise<sql.ListMembersRow[]> {
  return sql.listMembers(executor, { namespace, set_name: set });
}

/** Takes the edges of these processors' unsettled outputs away, to be made anew; gives the outputs. */
export async function deleteEdgesOf(
  executor: Executor,
  namespace: string,
  processors: readonly string[],
): Promise<sql.OutputKey[]> {
  return sql.deleteEdgesOf(executor, { namespace, processors });
}

/** Takes the edges of the unsettled outputs of these partitions of a set away, to be made anew; gives the outputs. */
export async function deleteEdgesOfMembers(
  executor: Executor,
  namespace: string,
  set: string,
  keys: readonly string[],
): Promise<sql.OutputKey[]> {
  return sql.deleteEdgesOfMembers(executor, { namespace, set_name: set, keys });
}

/** Takes back the tasks of these outputs that don't run, so that they are released by their edges as they are now. */
export async function retractTasks(executor: Executor, outputIds: readonly number[]): Promise<void> {
  if (outputIds.length > 0) await sql.retractTasks(executor, { outputs: outputIds });
}

export async function findOutput(
  executor: Executor,
  namespace: string,
  processor: string,
  partition: string,
): Promise<sql.FindOutputRow | undefined> {
  return sql.findOutput(executor, { namespace, processor, partition });
}

/** The outputs that this one has edges to. */
export async function listUpstream(executor: Executor, outputId: number): Promise<sql.UpstreamStatus[]> {
  return sql.listUpstreamStatuses(executor, { output_id: outputId });
}

export async function findReadSet(
  executor: Executor,
  outputId: number,
): Promise<sql.FindReadSetRow | undefined> {
  return sql.findReadSet(executor, { output_id: outputId });
}

/** A partition that was discovered, or might have been. */
export interface Member {
  namespace: string;
  set: string;
  key: string;
}

/** The partitions that these lie in, in their order; undefined for one that nothing has discovered. */
export async function findParents(
  executor: Executor,
  members: readonly Member[],
): Promise<(string | undefined)[]> {
  const rows = await sql.findParents(executor, {
    namespace: members.map((member) => member.namespace),
    set_name: members.map((member) => member.set),
    key: members.map((member) => member.key),
  });
  return rows.map(({ parent }) => parent ?? undefined);
}

/** The database's time: everybody plans by it, whatever the clock of a machine says. */
export async function readInstant(executor: Executor): Promise<Temporal.Instant> {
  return Temporal.Instant.from((await sql.readInstant(executor)).at);
}
