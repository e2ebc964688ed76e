// `headworks tasks add`, `list`, `cancel` and `prioritize`: what waits to be run, and changing it by hand.

import { type Command, Option } from "commander";
import { parseInput } from "../../contract/input.ts";
import * as contract from "../../contract/tasks.ts";
import { SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { PROD } from "../../domain/namespace.ts";
import { TASK_STATES } from "../../domain/settlement/states.ts";
import { runCommand } from "../../inspect/next-step.ts";
import { listTasks } from "../../inspect/tasks.ts";
import { type Database, type Executor, transaction } from "../../store/database.ts";
import { listProcessorNames } from "../../store/history/overview.ts";
import { recordAudit } from "../../store/history/records.ts";
import { listPartitionsOf } from "../../store/history/runs.ts";
import { listLanesOf } from "../../store/queue/lanes.ts";
import { savePayload } from "../../store/queue/payloads.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";
import {
  addTasks,
  cancelTasks,
  findOutputs,
  prioritizeTasks,
  rememberKey,
} from "../../store/queue/tasks-by-hand.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { durationOption, wholeOption } from "../options/arguments.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import { addPayloadOptions, type PayloadOptions, readPayload } from "../options/payload.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderAdded, renderTasks } from "../render/task-report.ts";
import { withStore } from "../session.ts";

interface AddOptions extends GlobalOptions, PayloadOptions {
  delay: number;
  every: number;
  priority?: number;
  expiresAfter?: number;
  dedupeKey?: string;
  lane?: string;
}

interface ListOptions extends GlobalOptions, PageOptions {
  processor?: string;
  queue?: string;
  lane?: string;
  state?: string;
}

interface PriorityOptions extends GlobalOptions {
  priority?: number;
}

const priorityOption = wholeOption(0, 1_000);

export function configure(command: Command): void {
  addPayloadOptions(
    command
      .command("add <processor> [partitions...]")
      .description("ask for runs of these partitions, now or later"),
  )
    .option("--delay <duration>", "how long from now the first is due", durationOption, 0)
    .option("--every <duration>", "how much later each next one is due", durationOption, 0)
    .option("--priority <n>", "0 goes first; default: the processor's, by its criticality", priorityOption)
    .option("--expires-after <duration>", "fail what hasn't begun so long after it was due", durationOption)
    .option("--lane <name>", "a lane of the queue; default: live")
    .option("--dedupe-key <key>", "add nothing if that was done under this key within 24 hours")
    .addHelpText(
      "after",
      "\nExample:\n  $ headworks tasks add box_scores 2026-01-13 2026-01-14 --delay 10m --every 60s --expires-after 2h",
    )
    .action(async (processor: string, partitions: string[], _options, self: Command) =>
      add(processor, partitions, self.optsWithGlobals<AddOptions>()),
    );
  addPageOptions(
    command
      .command("list")
      .description("list tasks, the oldest first")
      .option("--processor <name>", "of this processor only")
      .option("--queue <name>", "of this queue only")
      .option("--lane <name>", "of this lane only")
      .addOption(new Option("--state <state>", TASK_STATES.join(", "))),
  )
    .addHelpText("after", "\nExample:\n  $ headworks tasks list --queue stats --state ready")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  command
    .command("cancel <processor> [partitions...]")
    .description("delete tasks that wait for their turn; their outputs are waived")
    .addHelpText("after", "\nExample:\n  $ headworks tasks cancel box_scores 2026-01-14")
    .action(async (processor: string, partitions: string[], _options, self: Command) =>
      cancel(processor, partitions, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("prioritize <processor> [partitions...]")
    .description("let tasks go before others of their queue, or after them")
    .option("--priority <n>", "0 goes first; default: the processor's again", priorityOption)
    .addHelpText("after", "\nExample:\n  $ headworks tasks prioritize box_scores 2026-01-14 --priority 0")
    .action(async (processor: string, partitions: string[], _options, self: Command) =>
      prioritize(processor, partitions, self.optsWithGlobals<PriorityOptions>()),
    );
}

async function add(processor: string, partitions: string[], options: AddOptions): Promise<void> {
  const { delay: delayMs, every: everyMs, priority, expiresAfter: expiresAfterMs, dedupeKey, lane } = options;
  const payload = await readPayload(options);
  const added = await withStore(options, async (database) => {
    const outputs = await outputsOf(database, processor, partitions);
    if (lane !== undefined) requireKnown("lane", lane, await listLanesOf(database, processor));
    const done = await transaction(database, async (connection) => {
      if (dedupeKey !== undefined && !(await rememberKey(connection, dedupeKey))) return undefined;
      const adding = { delayMs, everyMs, priority, expiresAfterMs, lane };
      const tasks = await addTasks(connection, outputs.ids, adding);
      if (payload !== undefined) await savePayload(connection, outputs.ids, payload);
      const details = { partitions: outputs.names, ...adding, dedupeKey, payload: payload !== undefined };
      await recordAudit(connection, { actor: actor(), action: "task.add", subject: processor, details });
      return tasks;
    });
    await hintReadyTasks(database);
    return done;
  });
  if (options.json) return writeJson({ processor, duplicate: added === undefined, tasks: added ?? [] });
  if (added === undefined) {
    writeMessage(`nothing was added: it was done under the key ${dedupeKey} within the last 24 hours`);
    return;
  }
  writeData(renderAdded(added, rendering()));
}

async function list(options: ListOptions): Promise<void> {
  const { processor, queue, lane, state, limit, cursor } = options;
  if (state !== undefined) requireKnown("state", state, TASK_STATES);
  const input = parseInput(contract.listTasks, { processor, queue, lane, state, limit, cursor });
  const page = await withStore(options, (database) => listTasks(database, PROD, input));
  if (options.json) return writeJson(page);
  writeData(renderTasks(page.items, rendering()));
  sayWhereMoreIs(page);
}

async function cancel(processor: string, partitions: string[], options: GlobalOptions): Promise<void> {
  const { done, asked } = await withStore(options, async (database) => {
    const outputs = await outputsOf(database, processor, partitions);
    const cancelled = await transaction(database, (connection) => cancelTasks(connection, outputs.ids));
    const details = { partitions: outputs.names, cancelled: cancelled.purged, waived: cancelled.waived };
    await recordAudit(database, { actor: actor(), action: "task.cancel", subject: processor, details });
    if (cancelled.released > 0) await hintReadyTasks(database);
    return { done: cancelled, asked: outputs.ids.length };
  });
  const { purged: cancelled, waived, released } = done;
  if (options.json) return writeJson({ processor, cancelled, waived, released });
  const left = asked - cancelled;
  const others = left === 0 ? "" : `; ${left} had none that waited for its turn`;
  writeMessage(`${processor}: ${cancelled} of ${asked} cancelled, ${waived} waived${others}`);
}

async function prioritize(processor: string, partitions: string[], options: PriorityOptions): Promise<void> {
  const { priority } = options;
  const items = await withStore(options, async (database) => {
    const outputs = await outputsOf(database, processor, partitions);
    return transaction(database, async (connection) => {
      const details = { partitions: outputs.names, priority };
      await recordAudit(connection, {
        actor: actor(),
        action: "task.prioritize",
        subject: processor,
        details,
      });
      return prioritizeTasks(connection, outputs.ids, priority);
    });
  });
  if (options.json) return writeJson({ processor, tasks: items });
  const what = priority === undefined ? "the processor's again" : `${priority}`;
  writeMessage(
    `${processor}: the priority of ${items.length} ${items.length === 1 ? "task" : "tasks"} is ${what}`,
  );
}

/** Throws UNKNOWN_PROCESSOR, and UNKNOWN_PARTITION for what the ledger hasn't got. */
async function outputsOf(
  executor: Executor | Database,
  processor: string,
  partitions: readonly string[],
): Promise<{ ids: number[]; names: string[] }> {
  requireKnown("processor", processor, await listProcessorNames(executor));
  const names = partitions.length > 0 ? [...new Set(partitions)] : [SINGLE_KEY];
  const found = await findOutputs(executor, PROD, processor, names);
  const missing = names.find((name) => !found.some((output) => output.partition === name));
  if (missing === undefined) return { ids: found.map((output) => output.id), names };
  const known = await listPartitionsOf(executor, PROD, processor, 5);
  const there =
    known.length === 0 ? "nothing of it is planned yet" : `there are, among others: ${known.join(", ")}`;
  throw new HeadworksError({
    code: "UNKNOWN_PARTITION",
    message: `the ledger has no ${processor}[${missing}]`,
    hint: `${there}; ${runCommand(processor, missing)} plans one that its partitions cover`,
  });
}

function rendering(): RenderOptions {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
