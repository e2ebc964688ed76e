// Lanes: claiming from a queue that has some, and registering them. The domain decides; here it is read and applied.

import type { CompiledQueue } from "../../define/registry.ts";
import { grantLanes, LIVE } from "../../domain/dispatch/lanes.ts";
import { type Connection, type Database, type Executor, transaction } from "../database.ts";
import * as sql from "./lanes.queries.ts";
import type { ClaimedTask } from "./tasks.queries.ts";
import type { Claimant } from "./tasks.ts";

/**
 * Claims at most as many tasks as there are run ids from the lanes of the claimant's namespace; `alone` claims those that
 * must run alone. Waits for other claims of the queue: what is read after that is how it stands.
 */
export async function claimFromLanes(
  database: Database,
  queue: CompiledQueue,
  claimant: Claimant,
  runIds: readonly string[],
  alone = false,
): Promise<ClaimedTask[]> {
  const { worker, codeVersion, namespace, onlyOutputs } = claimant;
  const asked = { queue: queue.name, alone, only_outputs: onlyOutputs };
  return transaction(database, async (connection) => {
    const locked = await sql.lockQueueOfLanes(connection, {
      queue: queue.name,
      worker,
      code_version: codeVersion,
      namespace,
    });
    if (locked === undefined) return [];
    const lanes = await sql.readLanes(connection, { ...asked, limit: runIds.length, namespace });
    const [first] = lanes;
    if (first === undefined) return [];
    const grants = ownGrants(lanes, freeSlots(lanes, first, runIds.length), first.max_concurrent);
    if (grants.length === 0) return [];
    return sql.claimFromLanes(connection, {
      ...asked,
      worker,
      run_ids: runIds,
      lane: grants.map((grant) => grant.name),
      slots: grants.map((grant) => grant.slots),
      start: grants.map((grant) => grant.start),
      tokens: grants.map((grant) => grant.tokens),
      queue_tokens: first.queue_tokens,
      now_us: first.now_us,
    });
  });
}

/** What is granted to the claimant's own lanes: that of others is theirs to claim. */
function ownGrants(lanes: readonly sql.LaneRow[], slots: number, maxConcurrent: number | null) {
  const byName = new Map(lanes.map((lane) => [lane.name, lane]));
  return grantLanes(lanes, slots, maxConcurrent).flatMap((grant) => {
    const lane = byName.get(grant.name);
    return lane?.is_own && grant.slots > 0 ? [{ ...grant, tokens: lane.tokens }] : [];
  });
}

function freeSlots(
  lanes: readonly sql.LaneRow[],
  { max_concurrent, queue_tokens }: sql.LaneRow,
  wanted: number,
) {
  const running = lanes.reduce((sum, lane) => sum + lane.running, 0);
  const free = max_concurrent === null ? wanted : max_concurrent - running;
  return Math.max(0, Math.min(wanted, free, Math.floor(queue_tokens ?? wanted)));
}

/** Writes the lanes of all queues of `prod`, in the transaction that registers them. */
export async function registerLanes(connection: Connection, queues: Iterable<CompiledQueue>): Promise<void> {
  const lanes = [...queues].flatMap(({ name: queue, lanes: declared }) =>
    declared.map((lane) => ({ queue, ...lane, rate: lane.rate ?? null })),
  );
  await sql.upsertLanes(connection, { lanes });
  await sql.moveStrayTasks(connection);
}

/** Gives a namespace its lane in each of these queues. */
export async function registerNamespaceLanes(
  connection: Connection,
  namespace: string,
  queues: Iterable<CompiledQueue>,
): Promise<void> {
  await sql.insertNamespaceLanes(connection, {
    namespace,
    queues: Array.from(queues, (queue) => queue.name),
  });
}

/** The names of the lanes that tasks of this processor of `prod` may be in: only `live` when its queue has no lanes. */
export async function listLanesOf(executor: Executor, processor: string): Promise<string[]> {
  const lanes = await sql.listLanesOf(executor, { processor });
  return lanes.length > 0 ? lanes.map((lane) => lane.name) : [LIVE];
}
