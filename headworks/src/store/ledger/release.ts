// Releases: which outputs may run now that others have settled, and which must run again. Lock first, look after.

import type { OutputName } from "../../domain/settlement/expectation.ts";
import { numberArray, textArray } from "../arrays.ts";
import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "ledger/release",
  "lockOutputs",
  "reopenHealed",
  "reopenOutdated",
  "lockUpstream",
  "releaseOutputs",
  "lookForUnreleased",
);

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
  await exec(connection, sql.lockOutputs, [
    own,
    settling,
    waitedFor.map((each) => each.namespace),
    waitedFor.map((each) => each.processor),
    waitedFor.map((each) => each.partition),
  ]);
}

/** Expects again what had made do with less than `healed` upstream outputs now have, and what had used those that were `redone`. */
export async function reopenHealed(
  connection: Connection,
  healed: readonly number[],
  redone: readonly number[],
): Promise<void> {
  if (healed.length + redone.length > 0) await exec(connection, sql.reopenHealed, [healed, redone]);
}

/** Expects again, of outputs that have just settled, those whose upstream has healed since their run was claimed; gives their ids. */
export async function reopenOutdated(
  connection: Connection,
  settled: readonly { id: number; claimedAt: string }[],
): Promise<number[]> {
  if (settled.length === 0) return [];
  const rows = await many<{ id: number }>(connection, sql.reopenOutdated, [
    settled.map((each) => each.id),
    settled.map((each) => each.claimedAt),
  ]);
  return rows.map((row) => row.id);
}

/**
 * Releases what these settled outputs let go, and of `candidates` what may run. The caller has locked what is downstream:
 * of two last finishers at once, the second one to get the lock sees what the first committed. Gives the number of tasks
 * made ready or scheduled.
 */
export async function releaseDownstream(
  connection: Connection,
  settled: readonly { id: number; traceparent: string | null }[],
  candidates: readonly number[],
): Promise<number> {
  if (settled.length + candidates.length === 0) return 0;
  const row = await findOne<{ released: number }>(connection, sql.releaseOutputs, [
    numberArray(candidates),
    numberArray(settled.map((each) => each.id)),
    textArray(settled.map((each) => each.traceparent)),
  ]);
  return row?.released ?? 0;
}

/** Releases outputs that were planned in this transaction, or whose edges it has made; waits for settlements that it meets. */
export async function releasePlanned(connection: Connection, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  await exec(connection, sql.lockUpstream, [ids]);
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
  afterId: number,
  rows: number,
): Promise<LookedThrough> {
  const found = await findOne<{ looked: number; last_id: number; unreleased: string[] }>(
    executor,
    sql.lookForUnreleased,
    [afterId, rows],
  );
  if (found === undefined) return { looked: 0, lastId: afterId, unreleased: [] };
  return { looked: found.looked, lastId: found.last_id, unreleased: found.unreleased.map(Number) };
}
