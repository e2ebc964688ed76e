// Tasks: claiming by what the queue grants, promoting what is due, asking for one by hand.

import type { CompiledQueue } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { type Database, type Executor, transaction } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "queue/tasks",
  "claimFromOpenQueue",
  "claimFromLimitedQueue",
  "lockQueueOfAlone",
  "claimAlone",
  "releaseClaims",
  "promoteDueTasks",
  "chooseIsolated",
  "requestTask",
  "hintReadyTasks",
);

/** A task that this worker runs, fenced by (id, worker, attempt). Instants are ISO 8601. */
export interface ClaimedTask {
  id: number;
  output_id: number;
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  attempts_used: number;
  alone: boolean;
  deaths_alone: number;
  waiting_since: string | null;
  /** Null for the first attempt. */
  first_claimed_at: string | null;
  run_id: string;
  due_at: string;
  claimed_at: string;
  traceparent: string | null;
  from_archive: boolean;
  forced: boolean;
  /** Whether the output was complete when this run was asked for. */
  rerun: boolean;
}

export interface Claimant {
  worker: string;
  namespace: string;
  codeVersion: string;
  /** Claims only the tasks of these outputs. */
  onlyOutputs?: readonly number[];
}

/**
 * Claims at most as many tasks of the lane `live` as there are run ids; none when the lease is over or another code
 * version is registered. The lane is that of `prod`: other namespaces claim from theirs, as from a queue with lanes.
 */
export async function claimTasks(
  executor: Executor,
  queue: CompiledQueue,
  claimant: Claimant,
  runIds: readonly string[],
): Promise<ClaimedTask[]> {
  const limited = queue.rate !== undefined || queue.maxConcurrent !== undefined;
  const query = limited ? sql.claimFromLimitedQueue : sql.claimFromOpenQueue;
  return many<ClaimedTask>(executor, query, [
    queue.name,
    runIds.length,
    claimant.worker,
    runIds,
    claimant.codeVersion,
    claimant.onlyOutputs ?? null,
  ]);
}

/**
 * Claims one task of the lane `live` of a queue that must run alone in its process. Waits for other claims of the queue:
 * whoever came away with nothing would fill up with other work, and the poison pills would wait for that.
 */
export async function claimAlone(
  database: Database,
  queue: CompiledQueue,
  claimant: Claimant,
  runId: string,
): Promise<ClaimedTask | undefined> {
  const { worker, codeVersion } = claimant;
  return transaction(database, async (connection) => {
    if ((await findOne(connection, sql.lockQueueOfAlone, [queue.name])) === undefined) return undefined;
    return findOne<ClaimedTask>(connection, sql.claimAlone, [queue.name, 1, worker, [runId], codeVersion]);
  });
}

/** Makes ready again what this worker claimed under these run ids without ever getting to know of it. */
export async function releaseClaims(
  executor: Executor,
  worker: string,
  runIds: readonly string[],
): Promise<void> {
  await exec(executor, sql.releaseClaims, [worker, runIds]);
}

export interface Promotion {
  promoted: number;
  /** Milliseconds until the next task is due; undefined when none is. */
  nextDueMs: number | undefined;
  /** Whether a ready task of the namespace must run alone in a process. */
  aloneReady: boolean;
}

/** Makes due tasks of all namespaces ready, at most `limit`. */
export async function promoteDueTasks(
  executor: Executor,
  namespace: string,
  limit: number,
): Promise<Promotion> {
  const row = await findOne<{ promoted: number; next_due_ms: number | null; alone_ready: boolean }>(
    executor,
    sql.promoteDueTasks,
    [limit, namespace],
  );
  return {
    promoted: row?.promoted ?? 0,
    nextDueMs: row?.next_due_ms ?? undefined,
    aloneReady: row?.alone_ready ?? false,
  };
}

/** Whether this worker is the one of the fleet that isolates a poison pill, for the next three seconds: who runs the least of those that were chosen lately. */
export async function chooseIsolated(executor: Executor, worker: string): Promise<boolean> {
  return (await findOne<{ chosen: boolean }>(executor, sql.chooseIsolated, [worker]))?.chosen ?? false;
}

/**
 * Asks for a run of an output now. The state tells whether it is `ready` or was `running` already.
 * Throws PROCESSOR_RETIRED for an output that no registered processor makes any more.
 */
export async function requestTask(
  executor: Executor,
  request: { outputId: number; forced: boolean; fromArchive: boolean; traceparent: string },
): Promise<{ task_id: number; state: "ready" | "running" }> {
  const task = await findOne<{ task_id: number; state: "ready" | "running" }>(executor, sql.requestTask, [
    request.outputId,
    request.forced,
    request.fromArchive,
    request.traceparent,
  ]);
  if (task !== undefined) return task;
  throw new HeadworksError({
    code: "PROCESSOR_RETIRED",
    message: "its processor is retired: the configuration that is registered doesn't have it",
    hint: "start the fleet with a configuration that has the processor, and ask again",
  });
}

/** The hint that there is ready work, for processes that listen; sent after the commit. */
export async function hintReadyTasks(executor: Executor): Promise<void> {
  await exec(executor, sql.hintReadyTasks);
}
