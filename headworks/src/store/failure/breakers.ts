// Circuit breakers as all processes share them: read together, changed by a compare-and-set on the version of each.

import type { Breaker, BreakerKind, BreakerState } from "../../domain/dispatch/breaker.ts";
import type { Executor } from "../database.ts";
import { exec, many, one, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "failure/breakers",
  "createBreakers",
  "readBreakers",
  "saveBreakers",
  "listBreakers",
  "resetBreaker",
);

export interface BreakerName {
  kind: BreakerKind;
  name: string;
}

/** A breaker as it was read: `now` is the database's clock then, in epoch milliseconds like all its instants. */
export interface StoredBreaker extends BreakerName {
  breaker: Breaker;
  version: number;
  now: number;
}

/** What a person sees of a breaker; instants are ISO 8601. */
export interface BreakerRow extends BreakerName {
  state: BreakerState;
  failures_in_row: number;
  opened_at: string | null;
  retry_at: string | null;
  probe_until: string | null;
  reason: string | null;
}

interface ReadRow extends BreakerName, Record<string, unknown> {
  state: BreakerState;
  version: number;
  failures_in_row: number;
  window_at: number | null;
  window_successes: number;
  window_failures: number;
  opened_at: number | null;
  retry_at: number | null;
  probe_until: number | null;
  reason: string | null;
  now: number;
}

/** Reads breakers of a namespace; those that are used for the first time are closed. */
export async function readBreakers(
  executor: Executor,
  namespace: string,
  names: readonly BreakerName[],
): Promise<StoredBreaker[]> {
  const values = [namespace, names.map((each) => each.kind), names.map((each) => each.name)];
  let rows = await many<ReadRow>(executor, sql.readBreakers, values);
  if (rows.length < names.length) {
    await exec(executor, sql.createBreakers, values);
    rows = await many<ReadRow>(executor, sql.readBreakers, values);
  }
  return rows.map(storedOf);
}

/** Saves breakers of a namespace as they were decided; gives those that nobody else had changed since they were read. */
export async function saveBreakers(
  executor: Executor,
  namespace: string,
  changed: readonly StoredBreaker[],
): Promise<BreakerName[]> {
  const column = (value: (each: StoredBreaker) => unknown) => changed.map(value);
  return many<BreakerName & Record<string, unknown>>(executor, sql.saveBreakers, [
    namespace,
    column((each) => each.kind),
    column((each) => each.name),
    column((each) => each.version),
    column((each) => each.breaker.state),
    column((each) => each.breaker.failuresInRow),
    column((each) => each.breaker.windowAt),
    column((each) => each.breaker.windowSuccesses),
    column((each) => each.breaker.windowFailures),
    column((each) => each.breaker.openedAt),
    column((each) => each.breaker.retryAt),
    column((each) => each.breaker.probeUntil),
    column((each) => each.breaker.reason),
  ]);
}

export async function listBreakers(executor: Executor, namespace: string): Promise<BreakerRow[]> {
  return many<BreakerRow & Record<string, unknown>>(executor, sql.listBreakers, [namespace]);
}

/** Closes a breaker by hand; gives the state it had. It exists: none is ever removed. */
export async function resetBreaker(
  executor: Executor,
  namespace: string,
  { kind, name }: BreakerName,
): Promise<BreakerState> {
  return (await one<{ was: BreakerState }>(executor, sql.resetBreaker, [namespace, kind, name])).was;
}

function storedOf(row: ReadRow): StoredBreaker {
  return {
    kind: row.kind,
    name: row.name,
    version: row.version,
    now: row.now,
    breaker: {
      state: row.state,
      failuresInRow: row.failures_in_row,
      windowAt: row.window_at,
      windowSuccesses: row.window_successes,
      windowFailures: row.window_failures,
      openedAt: row.opened_at,
      retryAt: row.retry_at,
      probeUntil: row.probe_until,
      reason: row.reason,
    },
  };
}
