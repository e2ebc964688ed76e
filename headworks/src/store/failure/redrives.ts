// Redrives as rows: which failed tasks are to be put back into their queues, at what rate, and how far that is.

import type { Pace, RedriveState } from "../../domain/dispatch/redrive.ts";
import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";
import type { FailedFilter } from "./failures.ts";

const sql = queriesOf(
  "failure/redrives",
  "createRedrive",
  "lockRunningRedrives",
  "advanceRedrive",
  "listRedrives",
  "findRedrive",
  "cancelRedrive",
);

export interface NewRedrive {
  filter: FailedFilter;
  /** The newest task that had failed, and how many there are. */
  newestId: number;
  tasks: number;
  /** Tasks per second; undefined: as fast as they can be put back. */
  rate?: number | undefined;
  createdBy: string;
}

export interface Redrive {
  id: number;
  state: RedriveState;
  filter: Omit<FailedFilter, "namespace">;
  rate: number | null;
  tasks: number;
  retried: number;
  created_by: string;
  created_at: string;
  ended_at: string | null;
}

/** One that runs, locked by the caller's transaction; `now` is the database's, in epoch milliseconds. */
export interface RunningRedrive {
  id: number;
  filter: FailedFilter;
  newestId: number;
  afterId: number;
  pace: Pace;
  now: number;
}

export async function createRedrive(executor: Executor, redrive: NewRedrive): Promise<number> {
  const { filter, newestId, tasks, rate, createdBy } = redrive;
  const { namespace, ...rest } = filter;
  const given = [namespace, rest, newestId, rate ?? null, tasks, createdBy];
  const row = await findOne<{ id: number }>(executor, sql.createRedrive, given);
  if (row === undefined) throw new Error("a redrive was inserted and has no id");
  return row.id;
}

interface RunningRow {
  id: number;
  namespace: string;
  filter: Omit<FailedFilter, "namespace">;
  newest_id: number;
  after_id: number;
  rate: number | null;
  allowance: number;
  looked_at: number;
  now: number;
}

/** Those that nobody else puts forward at this moment. */
export async function lockRunningRedrives(connection: Connection): Promise<RunningRedrive[]> {
  const rows = await many<RunningRow & Record<string, unknown>>(connection, sql.lockRunningRedrives);
  return rows.map(({ id, namespace, filter, newest_id, after_id, rate, allowance, looked_at, now }) => ({
    id,
    filter: { ...filter, namespace },
    newestId: newest_id,
    afterId: after_id,
    pace: { rate, allowance, lookedAt: looked_at },
    now,
  }));
}

export async function advanceRedrive(
  connection: Connection,
  id: number,
  { afterId, retried, pace, isDone }: { afterId: number; retried: number; pace: Pace; isDone: boolean },
): Promise<void> {
  await exec(connection, sql.advanceRedrive, [id, afterId, retried, pace.allowance, pace.lookedAt, isDone]);
}

/** Those that run first, then the latest; after a place: running or not (0, 1), and the id. */
export async function listRedrives(
  executor: Executor,
  namespace: string,
  { after, limit }: { after?: readonly [rank: number, id: number] | undefined; limit: number },
): Promise<Redrive[]> {
  const [rank = null, id = null] = after ?? [];
  return many<Redrive & Record<string, unknown>>(executor, sql.listRedrives, [namespace, rank, id, limit]);
}

export async function findRedrive(executor: Executor, id: number): Promise<Redrive | undefined> {
  return findOne<Redrive & Record<string, unknown>>(executor, sql.findRedrive, [id]);
}

/** False when it runs no longer. */
export async function cancelRedrive(executor: Executor, id: number): Promise<boolean> {
  return (await exec(executor, sql.cancelRedrive, [id])) > 0;
}
