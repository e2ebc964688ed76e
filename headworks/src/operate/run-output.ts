// Asks for a run of one output; who runs it, the fleet or the process that asks, is not decided here.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/outputs.ts";
import type { Registry } from "../define/registry.ts";
import { newTraceparent } from "../engine/ids.ts";
import type { Slice } from "../engine/planning/plan.ts";
import { planAndRelease } from "../engine/planning/planner.ts";
import type { Connection, Executor } from "../store/database.ts";
import { listAttempts } from "../store/history/runs.ts";
import { findOutput, readInstant } from "../store/ledger/planning.ts";
import { lockRegistry } from "../store/queue/registry.ts";
import { hintReadyTasks, requestTask } from "../store/queue/tasks.ts";
import { audited, type Operator } from "./operator.ts";
import { partitionOf } from "./partition.ts";

const ATTEMPTS_LOOKED_AT = 10;
/** These end a try, not the run that was asked for: it is tried again at once, by whoever has it now. */
const NO_END = new Set(["lease_lost", "abandoned"]);

/** Throws UNKNOWN_PROCESSOR, PARTITION_NEEDED, UNKNOWN_PARTITION, PROCESSOR_RETIRED. */
export async function runOutput(
  operator: Operator,
  registry: Registry,
  { processor, partition, from_archive: fromArchive, forced }: InputOf<typeof contract.runOutput>,
): Promise<OutputOf<typeof contract.runOutput>> {
  const slice = await partitionOf(operator, registry, { processor, partition });
  const subject = `${processor}[${slice.key}]`;
  const entry = { action: "outputs.run", subject, details: { forced, from_archive: fromArchive } };
  const asked = await audited(operator, entry, async (connection, note) => {
    const outputId = await findOrPlan(connection, registry, operator.namespace, slice);
    const before = (await findLastEnd(connection, outputId)) ?? null;
    const traceparent = newTraceparent(null);
    const task = await requestTask(connection, { outputId, forced, fromArchive, traceparent });
    note({ state: task.state });
    return { output_id: outputId, processor, partition: slice.key, state: task.state, run_before: before };
  });
  await hintReadyTasks(operator.database);
  return asked;
}

/** The id of an output's last run that came to an end of its own. */
export async function findLastEnd(executor: Executor, outputId: number): Promise<string | undefined> {
  const attempts = await listAttempts(executor, outputId, ATTEMPTS_LOOKED_AT);
  return attempts.find((attempt) => attempt.outcome !== null && isEnd(attempt.reason))?.id;
}

/** Whether a run that ended for this reason is what was asked for, and not tried again at once. */
export function isEnd(reason: string | null | undefined): boolean {
  return !NO_END.has(reason ?? "");
}

/** The output's id; one that isn't in the ledger yet is planned. */
async function findOrPlan(
  connection: Connection,
  registry: Registry,
  namespace: string,
  slice: Slice,
): Promise<number> {
  const { name } = slice.processor;
  const found = await findOutput(connection, namespace, name, slice.key);
  if (found !== undefined) return found.id;
  await lockRegistry(connection, namespace);
  await planAndRelease(connection, registry, namespace, [slice], await readInstant(connection));
  const planned = await findOutput(connection, namespace, name, slice.key);
  if (planned === undefined) throw new Error(`${name}[${slice.key}] was planned and is not there`);
  return planned.id;
}
