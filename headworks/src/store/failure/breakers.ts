// Circuit breakers as all processes share them: read together, changed by a compare-and-set on the version of each.

import type { Breaker, BreakerKind, BreakerState } from "../../domain/dispatch/breaker.ts";
import { inColumns } from "../arrays.ts";
import type { Executor } from "../database.ts";
import * as sql from "./breakers.queries.ts";

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

/** Reads breakers of a namespace; those that are used for the first time are closed. */
export async function readBreakers(
  executor: Executor,
  namespace: string,
  names: readonly BreakerName[],
): Promise<StoredBreaker[]> {
  const asked = { namespace, kind: names.map((each) => each.kind), name: names.map((each) => each.name) };
  const rows = await sql.readBreakers(executor, asked);
  if (rows.length === names.length) return rows.map(storedOf);
  await sql.createBreakers(executor, asked);
  return (await sql.readBreakers(executor, asked)).map(storedOf);
}

/** Saves breakers of a namespace as they were decided; gives those that nobody else had changed since they were read. */
export async function saveBreakers(
  executor: Executor,
  namespace: string,
  changed: readonly StoredBreaker[],
): Promise<BreakerName[]> {
  const columns = inColumns(
    changed.map(({ kind, name, version, breaker }) => ({
      kind,
      name,
      version,
      state: breaker.state,
      failures_in_row: breaker.failuresInRow,
      window_at: breaker.windowAt,
      window_successes: breaker.windowSuccesses,
      window_failures: breaker.windowFailures,
      opened_at: breaker.openedAt,
      retry_at: breaker.retryAt,
      probe_until: breaker.probeUntil,
      reason: breaker.reason,
    })),
  );
  return sql.saveBreakers(executor, { namespace, ...columns });
}

export async function listBreakers(executor: Executor, namespace: string): Promise<sql.BreakerRow[]> {
  return sql.listBreakers(executor, { namespace });
}

/** Closes a breaker by hand; gives the state it had. It exists: none is ever removed. */
export async function resetBreaker(
  executor: Executor,
  namespace: string,
  { kind, name }: BreakerName,
): Promise<BreakerState> {
  return (await sql.resetBreaker(executor, { namespace, kind, name })).was;
}

function storedOf(row: sql.ReadBreaker): StoredBreaker {
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
