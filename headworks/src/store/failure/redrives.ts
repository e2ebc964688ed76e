// Redrives as rows: which failed tasks are to be put back into their queues, at what rate, and how far that is.

import type { Pace } from "../../domain/dispatch/redrive.ts";
import type { Connection, Executor } from "../database.ts";
import type { FailedFilter } from "./failures.ts";
import * as sql from "./redrives.queries.ts";

export interface NewRedrive {
  filter: FailedFilter;
  /** The newest task that had failed, and how many there are. */
  newestId: number;
  tasks: number;
  /** Tasks per second; undefined: as fast as they can be put back. */
  rate?: number | undefined;
  createdBy: string;
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
  const created = await sql.createRedrive(executor, {
    namespace,
    filter: rest,
    newest_id: newestId,
    rate,
    tasks,
    created_by: createdBy,
  });
  return created.id;
}

/** Those that nobody else puts forward at this moment. */
export async function lockRunningRedrives(connection: Connection): Promise<RunningRedrive[]> {
  const rows = await sql.lockRunningRedrives(connection);
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
  await sql.advanceRedrive(connection, {
    id,
    after_id: afterId,
    retried,
    allowance: pace.allowance,
    looked_at: pace.lookedAt,
    is_done: isDone,
  });
}

/** Those that run first, then the latest; after a place: running or not (0, 1), and the id. */
export async function listRedrives(
  executor: Executor,
  namespace: string,
  { after, limit }: { after?: readonly [rank: number, id: number] | undefined; limit: number },
): Promise<sql.Redrive[]> {
  const [after_rank, after_id] = after ?? [];
  return sql.listRedrives(executor, { namespace, after_rank, after_id, limit });
}

export async function findRedrive(executor: Executor, id: number): Promise<sql.Redrive | undefined> {
  return sql.findRedrive(executor, { id });
}

/** False when it runs no longer. */
export async function cancelRedrive(executor: Executor, id: number): Promise<boolean> {
  return (await sql.cancelRedrive(executor, { id })) > 0;
}
