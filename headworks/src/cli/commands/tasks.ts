// `headworks tasks add`, `list`, `cancel` and `prioritize`: what waits to be run, and changing it by hand.

import { type Command, Option } from "commander";
import { parseInput } from "../../contract/input.ts";
import * as contract from "../../contract/tasks.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { plural } from "../../domain/plural.ts";
import { TASK_STATES } from "../../domain/settlement/states.ts";
import { listTasks } from "../../inspect/tasks.ts";
import { addTasks, cancelTasks, prioritizeTasks } from "../../operate/tasks.ts";
import type { GlobalOptions } from "../globals.ts";
import { durationOption, wholeOption } from "../options/arguments.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import { addPayloadOptions, type PayloadOptions, readPayload } from "../options/payload.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderAdded, renderTasks } from "../render/task-report.ts";
import { withNamespace, withOperator } from "../session.ts";

interface AddOptions extends GlobalOptions, PayloadOptions {
  delay: number;
  every: number;
  priority?: number;
  expiresAfter?: number;
  dedupeKey?: string;
  lane?: string;
}

interface ListOptions extends NamespaceOptions, PageOptions {
  processor?: string;
  queue?: string;
  lane?: string;
  state?: string;
}

interface PriorityOptions extends GlobalOptions {
  priority?: number;
}

const priorityOption = wholeOption(contract.PRIORITY.min, contract.PRIORITY.max);

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
    addNamespaceOption(command.command("list"))
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
  addPrioritize(command.command("prioritize <processor> [partitions...]"));
  addPrioritize(command.command("prioritise <processor> [partitions...]", { hidden: true }));
}

function addPrioritize(command: Command): void {
  command
    .description("move tasks before others of their queue, or after them")
    .option("--priority <n>", "0 goes first; default: the processor's again", priorityOption)
    .addHelpText("after", "\nExample:\n  $ headworks tasks prioritize box_scores 2026-01-14 --priority 0")
    .action(async (processor: string, partitions: string[], _options, self: Command) =>
      prioritize(processor, partitions, self.optsWithGlobals<PriorityOptions>()),
    );
}

async function add(processor: string, partitions: string[], options: AddOptions): Promise<void> {
  const { delay, every, priority, expiresAfter, dedupeKey, lane } = options;
  const input = parseInput(contract.addTasks, {
    ...named(processor, partitions),
    delay_ms: delay,
    every_ms: every,
    expires_after_ms: expiresAfter,
    priority,
    lane,
    dedupe_key: dedupeKey,
    payload: await readPayload(options),
  });
  const added = await withOperator(options, (operator) => addTasks(operator, input));
  if (options.json) return writeJson(added);
  if (added.duplicate)
    return writeMessage(
      `nothing was added: tasks were added under the key ${dedupeKey} within the last 24 hours`,
    );
  writeData(renderAdded(added.tasks, rendering()));
}

async function list(options: ListOptions): Promise<void> {
  const { processor, queue, lane, state, limit, cursor } = options;
  if (state !== undefined) requireKnown("state", state, TASK_STATES);
  const input = parseInput(contract.listTasks, { processor, queue, lane, state, limit, cursor });
  const page = await withNamespace(options, (database, namespace) => listTasks(database, namespace, input));
  if (options.json) return writeJson(page);
  writeData(renderTasks(page.items, rendering()));
  sayWhereMoreIs(page);
}

async function cancel(processor: string, partitions: string[], options: GlobalOptions): Promise<void> {
  const input = parseInput(contract.cancelTasks, named(processor, partitions));
  const done = await withOperator(options, (operator) => cancelTasks(operator, input));
  if (options.json) return writeJson(done);
  const asked = new Set(input.partitions).size;
  const left = asked - done.cancelled;
  const others = left === 0 ? "" : `; ${left} had no waiting task`;
  writeMessage(`${processor}: ${done.cancelled} of ${asked} canceled, ${done.waived} waived${others}`);
}

async function prioritize(processor: string, partitions: string[], options: PriorityOptions): Promise<void> {
  const { priority } = options;
  const input = parseInput(contract.prioritizeTasks, { ...named(processor, partitions), priority });
  const done = await withOperator(options, (operator) => prioritizeTasks(operator, input));
  if (options.json) return writeJson(done);
  const what = priority === undefined ? "the default of the processor" : `${priority}`;
  writeMessage(`${processor}: the priority of ${plural(done.tasks.length, "task")} is ${what}`);
}

/** What the command line leaves out has the contract's default. */
function named(processor: string, partitions: readonly string[]) {
  return { processor, ...(partitions.length > 0 && { partitions }) };
}

function rendering(): RenderOptions {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
