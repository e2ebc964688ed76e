// Tasks: claiming by what the queue grants, promoting what is due, asking for one by hand.

import type { CompiledQueue } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import { type Database, type Executor, transaction } from "../database.ts";
import * as sql from "./tasks.queries.ts";

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
): Promise<sql.ClaimedTask[]> {
  const asked = askedBy(queue, claimant, runIds);
  const limited = queue.rate !== undefined || queue.maxConcurrent !== undefined;
  return limited
    ? sql.claimFromLimitedQueue(executor, { ...asked, alone: false })
    : sql.claimFromOpenQueue(executor, asked);
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
): Promise<sql.ClaimedTask | undefined> {
  return transaction(database, async (connection) => {
    if ((await sql.lockQueueOfAlone(connection, { queue: queue.name })) === undefined) return undefined;
    const asked = askedBy(queue, claimant, [runId]);
    return (await sql.claimFromLimitedQueue(connection, { ...asked, alone: true }))[0];
  });
}

function askedBy(queue: CompiledQueue, claimant: Claimant, runIds: readonly string[]) {
  return {
    queue: queue.name,
    limit: runIds.length,
    worker: claimant.worker,
    run_ids: runIds,
    code_version: claimant.codeVersion,
    only_outputs: claimant.onlyOutputs,
  };
}

/** Makes ready again what this worker claimed under these run ids without ever getting to know of it. */
export async function requeueClaims(
  executor: Executor,
  worker: string,
  runIds: readonly string[],
): Promise<void> {
  await sql.requeueClaims(executor, { worker, run_ids: runIds });
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
  const row = await sql.promoteDueTasks(executor, { limit, namespace });
  return {
    promoted: row.promoted,
    nextDueMs: row.next_due_ms ?? undefined,
    aloneReady: row.alone_ready,
  };
}

/** Whether this worker is the one of the fleet that isolates a poison pill, for the next three seconds: who runs the least of those that were chosen lately. */
export async function chooseIsolated(executor: Executor, worker: string): Promise<boolean> {
  return (await sql.chooseIsolated(executor, { worker })).chosen;
}

/**
 * Asks for a run of an output now. The state tells whether it is `ready` or was `running` already.
 * Throws PROCESSOR_RETIRED for an output that no registered processor makes any more.
 */
export async function requestTask(
  executor: Executor,
  request: { outputId: number; forced: boolean; fromArchive: boolean; traceparent: string },
): Promise<sql.RequestTaskRow> {
  const task = await sql.requestTask(executor, {
    output_id: request.outputId,
    forced: request.forced,
    from_archive: request.fromArchive,
    traceparent: request.traceparent,
  });
  if (task !== undefined) return task;
  throw new HeadworksError({
    code: "PROCESSOR_RETIRED",
    message: "its processor is retired: the configuration that is registered doesn't have it",
    hint: "start the fleet with a configuration that has the processor, and ask again",
  });
}

/** The hint that there is ready work, for processes that listen; sent after the commit. */
export async function hintReadyTasks(executor: Executor): Promise<void> {
  await sql.hintReadyTasks(executor);
}
