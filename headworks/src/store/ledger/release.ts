// Releases: which outputs may run now that others have settled, and which must run again. Lock first, look after.

import type { OutputName } from "../../domain/settlement/expectation.ts";
import type { Connection, Executor } from "../database.ts";
import * as sql from "./release.queries.ts";

/**
 * Locks the outputs that are settled, those downstream of the ones that will be more than expected, and those that tasks
 * will wait for, in key order, to the end of the transaction. It comes before anything is written of tasks or outputs: two
 * settlements that meet wait here.
 */
export async function lockOutputs(
  connection: Connection,
  own: readonly number[],
  settling: readonly number[],
  waitedFor: readonly (OutputName & { namespace: string })[] = [],
): Promise<void> {
  if (own.length === 0) return;
  await sql.lockOutputs(connection, {
    own,
    settling,
    namespace: waitedFor.map((each) => each.namespace),
    processor: waitedFor.map((each) => each.processor),
    partition: waitedFor.map((each) => each.partition),
  });
}

/** Expects again what had made do with less than `healed` upstream outputs now have, and what had used those that were `redone`. */
export async function reopenHealed(
  connection: Connection,
  healed: readonly number[],
  redone: readonly number[],
): Promise<void> {
  if (healed.length + redone.length > 0) await sql.reopenHealed(connection, { healed, redone });
}

/** Expects again, of outputs that have just settled, those whose upstream has healed since their run was claimed; gives their ids. */
export async function reopenOutdated(
  connection: Connection,
  settled: readonly { id: number; claimedAt: string }[],
): Promise<number[]> {
  if (settled.length === 0) return [];
  const rows = await sql.reopenOutdated(connection, {
    output_id: settled.map((each) => each.id),
    claimed_at: settled.map((each) => each.claimedAt),
  });
  return rows.map((row) => row.id);
}

/**
 * Releases what these settled outputs satisfy, and of `candidates` what may run. The caller has locked what is downstream:
 * of two last finishers at once, the second one to get the lock sees what the first committed. Gives the number of tasks
 * made ready or scheduled.
 */
export async function releaseDownstream(
  connection: Connection,
  settled: readonly { id: number; traceparent: string | null }[],
  candidates: readonly number[],
): Promise<number> {
  if (settled.length + candidates.length === 0) return 0;
  const row = await sql.releaseOutputs(connection, {
    candidates,
    settled: settled.map((each) => each.id),
    traceparent: settled.map((each) => each.traceparent),
  });
  return row.released;
}

/** Releases outputs that were planned in this transaction, or whose edges it has made; waits for settlements that it meets. */
export async function releasePlanned(connection: Connection, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  await sql.lockUpstream(connection, { downstream: ids });
  return releaseDownstream(connection, [], ids);
}

/** A part of the ledger that was looked through. */
export interface LookedThrough {
  /** Fewer rows than asked for: it is the end of the ledger. */
  looked: number;
  lastId: number;
  /** Expected outputs without a task, in order of id. */
  unreleased: number[];
}

/** Looks through so many rows of the ledger after this id. */
export async function lookForUnreleased(
  executor: Executor,
  namespace: string,
  afterId: number,
  rows: number,
): Promise<LookedThrough> {
  const found = await sql.lookForUnreleased(executor, { namespace, after_id: afterId, rows });
  return { looked: found.looked, lastId: found.last_id, unreleased: found.unreleased };
}
