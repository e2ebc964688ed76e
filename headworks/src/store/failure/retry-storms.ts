// Retry storms as all processes share them: what each has started, and which storms there are.

import { RETRY_STORM } from "../../domain/dispatch/retry-storm.ts";
import { numberArray, textArray } from "../arrays.ts";
import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "failure/retry-storms",
  "addRetryCounts",
  "listStorms",
  "lockStorms",
  "sumRetryCounts",
  "beginStorm",
  "endStorm",
);

export interface Started {
  kind: "processor" | "source";
  name: string;
  starts: number;
  retries: number;
}

/** A storm: what was started when it began, and since when it is; ISO 8601. */
export interface Storm extends Started {
  began_at: string;
}

export async function addRetryCounts(
  executor: Executor,
  namespace: string,
  counts: readonly Started[],
): Promise<void> {
  if (counts.length === 0) return;
  await exec(executor, sql.addRetryCounts, [
    textArray(counts.map((each) => each.kind)),
    textArray(counts.map((each) => each.name)),
    numberArray(counts.map((each) => each.starts)),
    numberArray(counts.map((each) => each.retries)),
    namespace,
  ]);
}

export async function listStorms(executor: Executor, namespace: string): Promise<Storm[]> {
  return many<Storm & Record<string, unknown>>(executor, sql.listStorms, [namespace]);
}

/** Whether the caller's transaction alone decides about storms. */
export async function lockStorms(connection: Connection): Promise<boolean> {
  const row = await findOne<{ locked: boolean }>(connection, sql.lockStorms, [RETRY_STORM.windowMs]);
  return row?.locked ?? false;
}

export interface StartedLately extends Started {
  namespace: string;
  is_storm: boolean;
}

/** What was started lately in every namespace, of everything that has retries or a storm. */
export async function sumRetryCounts(connection: Connection): Promise<StartedLately[]> {
  return many<StartedLately & Record<string, unknown>>(connection, sql.sumRetryCounts, [
    RETRY_STORM.windowMs,
  ]);
}

export async function beginStorm(
  connection: Connection,
  { namespace, kind, name, starts, retries }: StartedLately,
): Promise<void> {
  await exec(connection, sql.beginStorm, [namespace, kind, name, starts, retries]);
}

export async function endStorm(
  connection: Connection,
  { namespace, kind, name }: StartedLately,
): Promise<void> {
  await exec(connection, sql.endStorm, [namespace, kind, name]);
}
