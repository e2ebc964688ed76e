// Lanes: claiming from a queue that has some, and registering them. The domain decides; here it is read and applied.

import type { CompiledQueue } from "../../define/registry.ts";
import { grantLanes, type LaneState, LIVE } from "../../domain/dispatch/lanes.ts";
import { type Connection, type Database, type Executor, transaction } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";
import type { Claimant, ClaimedTask } from "./tasks.ts";

const sql = queriesOf(
  "queue/lanes",
  "lockQueueOfLanes",
  "readLanes",
  "claimFromLanes",
  "upsertLanes",
  "moveStrayTasks",
  "listLanesOf",
);

interface LaneRow extends LaneState {
  max_concurrent: number | null;
  queue_tokens: number | null;
  now_us: number;
}

/**
 * Claims at most as many tasks as there are run ids, shared by the queue's lanes; `alone` claims those that must run alone.
 * Waits for other claims of the queue: what is read after that is how it stands.
 */
export async function claimFromLanes(
  database: Database,
  queue: CompiledQueue,
  claimant: Claimant,
  runIds: readonly string[],
  alone = false,
): Promise<ClaimedTask[]> {
  const { worker, codeVersion, onlyOutputs = null } = claimant;
  return transaction(database, async (connection) => {
    const locked = await findOne(connection, sql.lockQueueOfLanes, [queue.name, worker, codeVersion]);
    if (locked === undefined) return [];
    const asked = [queue.name, runIds.length, alone, onlyOutputs];
    const lanes = await many<LaneRow & Record<string, unknown>>(connection, sql.readLanes, asked);
    const [first] = lanes;
    if (first === undefined) return [];
    const grants = grantLanes(lanes, freeSlots(lanes, first, runIds.length), first.max_concurrent);
    if (grants.every((grant) => grant.slots === 0)) return [];
    return many<ClaimedTask & Record<string, unknown>>(connection, sql.claimFromLanes, [
      ...[queue.name, worker, runIds, alone, onlyOutputs],
      grants.map((grant) => grant.name),
      grants.map((grant) => grant.slots),
      grants.map((grant) => grant.start),
      lanes.map((lane) => lane.tokens),
      ...[first.queue_tokens, first.now_us],
    ]);
  });
}

function freeSlots(lanes: readonly LaneRow[], { max_concurrent, queue_tokens }: LaneRow, wanted: number) {
  const running = lanes.reduce((sum, lane) => sum + lane.running, 0);
  const free = max_concurrent === null ? wanted : max_concurrent - running;
  return Math.max(0, Math.min(wanted, free, Math.floor(queue_tokens ?? wanted)));
}

/** Writes the lanes of all queues, in the transaction that registers them. */
export async function registerLanes(connection: Connection, queues: Iterable<CompiledQueue>): Promise<void> {
  const lanes = [...queues].flatMap(({ name: queue, lanes: declared }) =>
    declared.map((lane) => ({ queue, ...lane, rate: lane.rate ?? null })),
  );
  await exec(connection, sql.upsertLanes, [JSON.stringify(lanes)]);
  await exec(connection, sql.moveStrayTasks);
}

/** The names of the lanes that tasks of this processor may be in: only `live` when its queue has no lanes. */
export async function listLanesOf(executor: Executor, processor: string): Promise<string[]> {
  const lanes = await many<{ name: string }>(executor, sql.listLanesOf, [processor]);
  return lanes.length > 0 ? lanes.map((lane) => lane.name) : [LIVE];
}
