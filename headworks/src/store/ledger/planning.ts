// What the planner and discoveries write: outputs that ought to exist, edges between them, partitions found.

import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "ledger/planning",
  "readInstant",
  "insertEdges",
  "lockDiscoverers",
  "insertMemberEdges",
  "insertDiscoveredEdges",
  "upsertPartitions",
  "withdrawPartitions",
  "reopenReturned",
  "deleteMovedEdges",
  "listMembers",
  "deleteEdgesOf",
  "deleteEdgesOfMembers",
  "retractTasks",
  "findOutput",
  "listUpstreamStatuses",
  "findReadSet",
  "findParents",
);

export interface EdgeRow {
  downstream_processor: string;
  downstream_partition: string;
  need: number;
  option: number;
  mode: string;
  accepts_degraded: boolean;
  any_of: boolean;
  upstream_processor: string;
  upstream_partition: string;
  member_of: string;
}

/** "This need of that processor means the members of a discovered set": how edges to members are made. */
export interface MemberNeed {
  downstream_processor: string;
  need: number;
  option: number;
  upstream_processor: string;
  set_name: string;
}

export interface OutputKey {
  id: number;
  processor: string;
  partition: string;
}

export interface UpstreamStatus {
  processor: string;
  partition: string;
  status: string;
  changed_by: string | null;
  run_id: string | null;
}

export async function insertEdges(
  executor: Executor,
  namespace: string,
  rows: readonly EdgeRow[],
): Promise<void> {
  if (rows.length > 0) await exec(executor, sql.insertEdges, [namespace, JSON.stringify(rows)]);
}

/** Edges of new outputs to members discovered before; waits for discoveries that are being settled. */
export async function insertMemberEdges(
  connection: Connection,
  outputIds: readonly number[],
  needs: readonly MemberNeed[],
): Promise<void> {
  if (needs.length === 0) return;
  await exec(connection, sql.lockDiscoverers, [outputIds]);
  await exec(connection, sql.insertMemberEdges, [outputIds, JSON.stringify(needs)]);
}

/** Edges to new members, of all that wait for the outputs that discovered them. */
export async function insertDiscoveredEdges(
  connection: Connection,
  discoveringIds: readonly number[],
  needs: readonly MemberNeed[],
): Promise<void> {
  if (needs.length > 0)
    await exec(connection, sql.insertDiscoveredEdges, [discoveringIds, JSON.stringify(needs)]);
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
  const written = await many<{ key: string; moved: boolean }>(connection, sql.upsertPartitions, [
    namespace,
    set,
    outputId,
    keys,
    parents,
  ]);
  const moved = written.filter((row) => row.moved).map((row) => row.key);
  const added = written.filter((row) => !row.moved).map((row) => row.key);
  const ids = async (query: (typeof sql)[keyof typeof sql], values: readonly unknown[]) =>
    (await many<{ id: number }>(connection, query, values)).map((row) => row.id);
  return {
    moved,
    returned: added.length === 0 ? [] : await ids(sql.reopenReturned, [namespace, set, added]),
    freed: moved.length === 0 ? [] : await ids(sql.deleteMovedEdges, [namespace, set, moved]),
    waived: isComplete ? await ids(sql.withdrawPartitions, [namespace, set, outputId, keys]) : [],
  };
}

/** The discovered partitions of a set, each with the one it lies in. */
export async function listMembers(
  executor: Executor,
  namespace: string,
  set: string,
): Promise<{ key: string; parent: string }[]> {
  return many(executor, sql.listMembers, [namespace, set]);
}

/** Takes the edges of these processors' unsettled outputs away, to be made anew; gives the outputs. */
export async function deleteEdgesOf(
  executor: Executor,
  namespace: string,
  processors: readonly string[],
): Promise<OutputKey[]> {
  return many<OutputKey & Record<string, unknown>>(executor, sql.deleteEdgesOf, [namespace, processors]);
}

/** Takes the edges of the unsettled outputs of these partitions of a set away, to be made anew; gives the outputs. */
export async function deleteEdgesOfMembers(
  executor: Executor,
  namespace: string,
  set: string,
  keys: readonly string[],
): Promise<OutputKey[]> {
  return many<OutputKey & Record<string, unknown>>(executor, sql.deleteEdgesOfMembers, [
    namespace,
    set,
    keys,
  ]);
}

/** Takes back the tasks of these outputs that don't run, so that they are released by their edges as they are now. */
export async function retractTasks(executor: Executor, outputIds: readonly number[]): Promise<void> {
  if (outputIds.length > 0) await exec(executor, sql.retractTasks, [outputIds]);
}

export async function findOutput(
  executor: Executor,
  namespace: string,
  processor: string,
  partition: string,
): Promise<{ id: number; status: string } | undefined> {
  return findOne(executor, sql.findOutput, [namespace, processor, partition]);
}

/** The outputs that this one has edges to. */
export async function listUpstream(executor: Executor, outputId: number): Promise<UpstreamStatus[]> {
  return many<UpstreamStatus & Record<string, unknown>>(executor, sql.listUpstreamStatuses, [outputId]);
}

export async function findReadSet(
  executor: Executor,
  outputId: number,
): Promise<{ status: string; read_set: string | null } | undefined> {
  return findOne(executor, sql.findReadSet, [outputId]);
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
  const rows = await many<{ parent: string | null }>(executor, sql.findParents, [
    members.map((member) => member.namespace),
    members.map((member) => member.set),
    members.map((member) => member.key),
  ]);
  return rows.map(({ parent }) => parent ?? undefined);
}

/** The database's time, ISO 8601: everybody plans by it, whatever his own clock says. */
export async function readInstant(executor: Executor): Promise<string> {
  const row = await findOne<{ at: string }>(executor, sql.readInstant);
  if (row === undefined) throw new Error("the database doesn't tell the time");
  return row.at;
}
