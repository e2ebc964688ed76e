// Retry storms as all processes share them: what each has started, and which storms there are.

import { RETRY_STORM } from "../../domain/dispatch/retry-storm.ts";
import type { Connection, Executor } from "../database.ts";
import * as sql from "./retry-storms.queries.ts";

export interface Started {
  kind: "processor" | "source";
  name: string;
  starts: number;
  retries: number;
}

export async function addRetryCounts(
  executor: Executor,
  namespace: string,
  counts: readonly Started[],
): Promise<void> {
  if (counts.length === 0) return;
  await sql.addRetryCounts(executor, {
    kind: counts.map((each) => each.kind),
    name: counts.map((each) => each.name),
    starts: counts.map((each) => each.starts),
    retries: counts.map((each) => each.retries),
    namespace,
  });
}

export async function listStorms(executor: Executor, namespace: string): Promise<sql.Storm[]> {
  return sql.listStorms(executor, { namespace });
}

/** Whether the caller's transaction alone decides about storms. */
export async function lockStorms(connection: Connection): Promise<boolean> {
  return (await sql.lockStorms(connection, { window_ms: RETRY_STORM.windowMs })).locked;
}

/** What was started lately in every namespace, of everything that has retries or a storm. */
export async function sumRetryCounts(connection: Connection): Promise<sql.StartedLately[]> {
  return sql.sumRetryCounts(connection, { window_ms: RETRY_STORM.windowMs });
}

export async function beginStorm(
  connection: Connection,
  { namespace, kind, name, starts, retries }: sql.StartedLately,
): Promise<void> {
  await sql.beginStorm(connection, { namespace, kind, name, starts, retries });
}

export async function endStorm(
  connection: Connection,
  { namespace, kind, name }: sql.StartedLately,
): Promise<void> {
  await sql.endStorm(connection, { namespace, kind, name });
}
