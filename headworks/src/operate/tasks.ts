// Asks for tasks by hand, and cancels and prioritizes those that wait for their turn.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/tasks.ts";
import { checkPayload } from "../domain/dispatch/payload.ts";
import { HeadworksError } from "../domain/error.ts";
import { requireKnown } from "../domain/known-name.ts";
import { requireProcessor } from "../inspect/processors.ts";
import type { Connection } from "../store/database.ts";
import { listPartitionsOf } from "../store/history/runs.ts";
import { listLanesOf } from "../store/queue/lanes.ts";
import { savePayload } from "../store/queue/payloads.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import * as store from "../store/queue/tasks-by-hand.ts";
import { audited, type Operator } from "./operator.ts";

const NAMED_IN_HINT = 5;

/** Throws UNKNOWN_PROCESSOR, UNKNOWN_PARTITION, UNKNOWN_LANE, PAYLOAD_INVALID, PAYLOAD_TOO_LARGE. */
export async function addTasks(
  operator: Operator,
  { processor, partitions, payload, ...asked }: InputOf<typeof contract.addTasks>,
): Promise<OutputOf<typeof contract.addTasks>> {
  if (payload !== undefined) checkPayload(payload);
  const details = { partitions: unique(partitions), ...asked, payload: payload !== undefined };
  const entry = { action: "tasks.add", subject: processor, details };
  const added = await audited(operator, entry, async (connection, note) => {
    const outputs = await requireOutputs(connection, operator.namespace, processor, partitions);
    if (asked.lane !== undefined) requireKnown("lane", asked.lane, await listLanesOf(connection, processor));
    const duplicate =
      asked.dedupe_key !== undefined && !(await store.rememberKey(connection, asked.dedupe_key));
    note({ duplicate });
    if (duplicate) return { processor, duplicate, tasks: [] };
    const tasks = await store.addTasks(connection, outputs, {
      delayMs: asked.delay_ms,
      everyMs: asked.every_ms,
      expiresAfterMs: asked.expires_after_ms,
      priority: asked.priority,
      lane: asked.lane,
    });
    if (payload !== undefined) await savePayload(connection, outputs, payload);
    return { processor, duplicate, tasks };
  });
  await hintReadyTasks(operator.database);
  return added;
}

/** Throws UNKNOWN_PROCESSOR, UNKNOWN_PARTITION. */
export async function cancelTasks(
  operator: Operator,
  { processor, partitions }: InputOf<typeof contract.cancelTasks>,
): Promise<OutputOf<typeof contract.cancelTasks>> {
  const entry = { action: "tasks.cancel", subject: processor, details: { partitions: unique(partitions) } };
  const done = await audited(operator, entry, async (connection, note) => {
    const outputs = await requireOutputs(connection, operator.namespace, processor, partitions);
    const { purged: cancelled, waived, released } = await store.cancelTasks(connection, outputs);
    note({ cancelled, waived, released });
    return { processor, cancelled, waived, released };
  });
  if (done.released > 0) await hintReadyTasks(operator.database);
  return done;
}

/** Throws UNKNOWN_PROCESSOR, UNKNOWN_PARTITION. */
export async function prioritizeTasks(
  operator: Operator,
  { processor, partitions, priority }: InputOf<typeof contract.prioritizeTasks>,
): Promise<OutputOf<typeof contract.prioritizeTasks>> {
  const details = { partitions: unique(partitions), priority };
  const entry = { action: "tasks.prioritize", subject: processor, details };
  return audited(operator, entry, async (connection) => {
    const outputs = await requireOutputs(connection, operator.namespace, processor, partitions);
    return { processor, tasks: await store.prioritizeTasks(connection, outputs, priority) };
  });
}

/** The ids of these partitions' outputs. Throws UNKNOWN_PROCESSOR, and UNKNOWN_PARTITION for what the ledger hasn't got. */
async function requireOutputs(
  connection: Connection,
  namespace: string,
  processor: string,
  partitions: readonly string[],
): Promise<number[]> {
  await requireProcessor(connection, namespace, processor);
  const names = unique(partitions);
  const found = await store.findOutputs(connection, namespace, processor, names);
  const missing = names.find((name) => !found.some((output) => output.partition === name));
  if (missing === undefined) return found.map((output) => output.id);
  const known = await listPartitionsOf(connection, namespace, processor, NAMED_IN_HINT);
  const there = known.length === 0 ? "none is planned yet" : `there are, among others: ${known.join(", ")}`;
  throw new HeadworksError({
    code: "UNKNOWN_PARTITION",
    message: `the ledger has no ${processor}[${missing}]`,
    hint: `${there}; \`headworks run\` plans one that the processor covers`,
  });
}

function unique(partitions: readonly string[]): string[] {
  return [...new Set(partitions)];
}
