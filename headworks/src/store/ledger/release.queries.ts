// The queries of release.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("release.sql", import.meta.url));

export interface LockOutputsParams {
  own: readonly number[];
  settling: readonly number[];
  namespace: readonly string[];
  processor: readonly string[];
  partition: readonly string[];
}

/** The outputs that are being settled, of the second ones those downstream, and those that are named, in key order: whoever settles two of one fan-in, or what somebody is about to wait for, looks one after the other. */
export const lockOutputs = queries.exec<LockOutputsParams>("lockOutputs");

export interface ReopenHealedParams {
  healed: readonly number[];
  redone: readonly number[];
}

/** Settled outputs that made do with less than the first upstream ones now have, or that used what the second ones have made anew: expected again. */
export const reopenHealed = queries.exec<ReopenHealedParams>("reopenHealed");

export interface ReopenOutdatedParams {
  output_id: readonly number[];
  claimed_at: readonly string[];
}

export interface ReopenOutdatedRow {
  id: number;
}

/** Of these outputs, which have just settled, those that ran while an upstream was on its way to other rows than they saw: expected again. */
export const reopenOutdated = queries.many<ReopenOutdatedParams, ReopenOutdatedRow>("reopenOutdated");

export interface LockUpstreamParams {
  downstream: readonly number[];
}

/** Holds what these outputs need and isn't there: none of it may settle between our look and our commit. What this transaction itself has written, nobody else can settle. */
export const lockUpstream = queries.exec<LockUpstreamParams>("lockUpstream");

export interface ReleaseOutputsParams {
  candidates: readonly number[];
  settled: readonly number[];
  traceparent: readonly (string | null)[];
}

export interface ReleaseOutputsRow {
  released: number;
}

/** Of these outputs, and of those downstream of the settled ones, each whose edges are all satisfied gets its task, and tasks that waited for a settled one by name are ready; the last array names the runs that release them. */
export const releaseOutputs = queries.one<ReleaseOutputsParams, ReleaseOutputsRow>("releaseOutputs");

export interface LookForUnreleasedParams {
  namespace: string;
  after_id: number;
  rows: number;
}

export interface LookForUnreleasedRow {
  looked: number;
  last_id: number;
  unreleased: number[];
}

/** The sweep: of the next rows of the ledger after this id, the expected ones of a namespace without a task. No index finds them: one on a status would have to be written with every settlement. */
export const lookForUnreleased = queries.one<LookForUnreleasedParams, LookForUnreleasedRow>("lookForUnreleased");
