// The queries of planning.sql, with the types that their headers declare. Written by npm run queries.

import type { NeedMode } from "../../domain/settlement/release.ts";
import type { LedgerStatus } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("planning.sql", import.meta.url));

export interface EdgeRow {
  downstream_processor: string;
  downstream_partition: string;
  need: number;
  option: number;
  mode: NeedMode;
  accepts_degraded: boolean;
  any_of: boolean;
  upstream_processor: string;
  upstream_partition: string;
  member_of: string;
}

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
  status: LedgerStatus;
  changed_by: string | null;
  run_id: string | null;
}

export interface InsertOutputsParams {
  namespace: string;
  processor: readonly string[];
  partition: readonly string[];
  opens: readonly (number | null)[];
  expected_by: readonly (number | null)[];
}

/** Outputs that ought to exist, in the order given; those that were expected already are left alone and not returned. Instants are epoch seconds, null is now. */
export const insertOutputs = queries.many<InsertOutputsParams, OutputKey>("insertOutputs");

export interface InsertFreeOutputsParams {
  namespace: string;
  processor: readonly string[];
  partition: readonly string[];
  opens: readonly (number | null)[];
  expected_by: readonly (number | null)[];
}

export interface InsertFreeOutputsRow {
  outputs: number;
  released: number;
}

/** The same for outputs that need nothing: each gets its task at once. Nobody else can see a new output, so that no lock is taken, and there is no task to meet. */
export const insertFreeOutputs = queries.one<InsertFreeOutputsParams, InsertFreeOutputsRow>("insertFreeOutputs");

export interface ReadInstantRow {
  at: string;
}

/** The time that counts: everybody plans by the database's clock. */
export const readInstant = queries.one<void, ReadInstantRow>("readInstant");

export interface InsertEdgesParams {
  namespace: string;
  edges: readonly EdgeRow[];
}

/** Needs between outputs that are both there; what another namespace than `prod` hasn't got is that of `prod`, and what is needed of a partition that never will be is left out. */
export const insertEdges = queries.exec<InsertEdgesParams>("insertEdges");

export interface ListUnexpectedParams {
  namespace: string;
  processor: readonly string[];
  partition: readonly string[];
}

export interface ListUnexpectedRow {
  processor: string;
  partition: string;
}

/** Of these slices, those that neither the namespace nor `prod` expects. */
export const listUnexpected = queries.many<ListUnexpectedParams, ListUnexpectedRow>("listUnexpected");

export interface ListSelectedProcessorsParams {
  namespace: string;
  processors: readonly string[];
}

export interface ListSelectedProcessorsRow {
  name: string;
}

/** Of these processors, those of which a namespace has any output. */
export const listSelectedProcessors = queries.many<ListSelectedProcessorsParams, ListSelectedProcessorsRow>("listSelectedProcessors");

export interface LockDiscoverersParams {
  waiting: readonly number[];
}

/** Holds the outputs that these edges' members come from: no discovery of the namespace may settle between our look and our commit. */
export const lockDiscoverers = queries.exec<LockDiscoverersParams>("lockDiscoverers");

export interface InsertMemberEdgesParams {
  waiting: readonly number[];
  discovering: readonly number[];
  needs: readonly MemberNeed[];
}

/** Edges to the members that are known now, where they were discovered: of these outputs, and of every one that waits for the discovering ones. */
export const insertMemberEdges = queries.exec<InsertMemberEdgesParams>("insertMemberEdges");

export interface ReopenReturnedParams {
  namespace: string;
  set_name: string;
  keys: readonly string[];
}

export interface ReopenReturnedRow {
  id: number;
}

/** The outputs of these partitions that were waived when their partition was withdrawn: expected again. */
export const reopenReturned = queries.many<ReopenReturnedParams, ReopenReturnedRow>("reopenReturned");

export interface DeleteMovedEdgesParams {
  namespace: string;
  set_name: string;
  keys: readonly string[];
}

export interface DeleteMovedEdgesRow {
  id: number;
}

/** Edges to members that now lie within another parent than the one that was waited for; gives the outputs that waited. */
export const deleteMovedEdges = queries.many<DeleteMovedEdgesParams, DeleteMovedEdgesRow>("deleteMovedEdges");

export interface UpsertPartitionsParams {
  namespace: string;
  set_name: string;
  discovered_by: number;
  key: readonly string[];
  parent: readonly string[];
}

export interface UpsertPartitionsRow {
  key: string;
  moved: boolean;
}

/** The members that a run discovered; gives those that are new or that moved to another parent. */
export const upsertPartitions = queries.many<UpsertPartitionsParams, UpsertPartitionsRow>("upsertPartitions");

export interface WithdrawPartitionsParams {
  namespace: string;
  set_name: string;
  discovered_by: number;
  keys: readonly string[];
}

export interface WithdrawPartitionsRow {
  id: number;
}

/** Members that this output discovered earlier and no longer names: their unsettled outputs are waived, their edges go. */
export const withdrawPartitions = queries.many<WithdrawPartitionsParams, WithdrawPartitionsRow>("withdrawPartitions");

export interface ListMembersParams {
  namespace: string;
  set_name: string;
}

export interface ListMembersRow {
  key: string;
  parent: string;
}

/** The discovered partitions of a set. */
export const listMembers = queries.many<ListMembersParams, ListMembersRow>("listMembers");

export interface DeleteEdgesOfParams {
  namespace: string;
  processors: readonly string[];
}

/** The edges of unsettled outputs of these processors, whose needs have changed; gives the outputs. */
export const deleteEdgesOf = queries.many<DeleteEdgesOfParams, OutputKey>("deleteEdgesOf");

export interface DeleteEdgesOfMembersParams {
  namespace: string;
  set_name: string;
  keys: readonly string[];
}

/** The edges of unsettled outputs of these partitions, which now lie elsewhere; gives the outputs. */
export const deleteEdgesOfMembers = queries.many<DeleteEdgesOfMembersParams, OutputKey>("deleteEdgesOfMembers");

export interface RetractTasksParams {
  outputs: readonly number[];
}

/** The tasks of these outputs that don't run and haven't failed. */
export const retractTasks = queries.exec<RetractTasksParams>("retractTasks");

export interface FindOutputParams {
  namespace: string;
  processor: string;
  partition: string;
}

export interface FindOutputRow {
  id: number;
  status: LedgerStatus;
}

/** One row of the ledger by name. */
export const findOutput = queries.maybe<FindOutputParams, FindOutputRow>("findOutput");

export interface ListUpstreamStatusesParams {
  output_id: number;
}

/** For each output upstream of this one: what `expect` may read of it, and what a run without changes would have read. */
export const listUpstreamStatuses = queries.many<ListUpstreamStatusesParams, UpstreamStatus>("listUpstreamStatuses");

export interface FindReadSetParams {
  output_id: number;
}

export interface FindReadSetRow {
  status: LedgerStatus;
  read_set: string | null;
}

/** What the last complete run of this output had read. */
export const findReadSet = queries.maybe<FindReadSetParams, FindReadSetRow>("findReadSet");

export interface FindParentsParams {
  namespace: readonly string[];
  set_name: readonly string[];
  key: readonly string[];
}

export interface FindParentsRow {
  parent: string | null;
}

/** The partitions that these discovered ones lie in, in the order they are named in: as their namespace has it, else as `prod` has; null for one that nothing has discovered. */
export const findParents = queries.many<FindParentsParams, FindParentsRow>("findParents");
