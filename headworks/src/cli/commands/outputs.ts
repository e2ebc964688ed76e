// `headworks outputs list`: pages through the ledger of expected outputs.

import { type Command, Option } from "commander";
import { requireKnown } from "../../domain/known-name.ts";
import { PROD } from "../../domain/namespace.ts";
import { OUTPUT_STATUSES } from "../../domain/settlement/states.ts";
import { nameEnding } from "../../inspect/wording.ts";
import { listProcessorNames } from "../../store/history/overview.ts";
import type { OutputListing } from "../../store/history/rows.ts";
import { listOutputs, type Page } from "../../store/history/runs.ts";
import type { GlobalOptions } from "../globals.ts";
import { wholeOption } from "../options/arguments.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { statusStyle } from "../render/styles.ts";
import { type Column, table } from "../render/table.ts";
import { withStore } from "../session.ts";

interface ListOptions extends GlobalOptions {
  processor?: string;
  phase?: string;
  status?: string;
  partition?: string;
  overdue?: boolean;
  limit: number;
  cursor?: string;
}

export function configure(command: Command): void {
  command
    .command("list")
    .description("list outputs by processor, the latest partitions first")
    .option("--processor <name>", "of this processor only")
    .option("--phase <name>", "of this phase only")
    .addOption(new Option("--status <status>", OUTPUT_STATUSES.join(", ")))
    .option("--partition <key>", "this partition only")
    .option("--overdue", "past their time and unsettled only")
    .option("--limit <n>", "how many", wholeOption(1, 10_000), 50)
    .option("--cursor <cursor>", "go on after an earlier page")
    .addHelpText("after", "\nExample:\n  $ headworks outputs list --status failed --limit 20")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
}

async function list(options: ListOptions): Promise<void> {
  if (options.status !== undefined) requireKnown("status", options.status, OUTPUT_STATUSES);
  const page = await withStore(options, async (database) => {
    if (options.processor !== undefined) {
      requireKnown("processor", options.processor, await listProcessorNames(database, PROD));
    }
    return listOutputs(database, { ...options, namespace: PROD });
  });
  if (options.json) return writeJson({ items: page.items, next_cursor: page.cursor });
  const { stdout } = process;
  writeData(renderOutputs(page, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
  sayWhereMoreIs(page);
}

export function renderOutputs(page: Page<OutputListing>, options: RenderOptions): string[] {
  if (page.items.length === 0) return ["no output fits"];
  const columns: Column<OutputListing>[] = [
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "status", value: statusOf, style: (row) => statusStyle(row.status, row.overdue) },
    { title: "records", align: "right", value: recordsOf },
    { title: "settled", align: "right", value: (row) => relative(row.settled_at, options.now) },
    { title: "why", value: whyOf, flexible: true },
  ];
  return table(page.items, columns, options);
}

/** Tells on stderr how to see more, so that what is read from stdout is the list alone. */
export function sayWhereMoreIs(page: Page<unknown>): void {
  if (page.cursor !== null) writeMessage(`there are more: --cursor '${page.cursor}'`);
}

function statusOf(row: OutputListing): string {
  return row.overdue ? `${row.status}, overdue` : row.status;
}

function recordsOf(row: OutputListing): string | null {
  if (row.records === null) return null;
  const isShort = row.expected_min !== null && row.records < row.expected_min;
  return isShort ? `${row.records} of ${row.expected_min}` : String(row.records);
}

function whyOf(row: OutputListing): string | null {
  if (row.outcome === null) return row.task_state ?? row.reason;
  const ending = nameEnding(row.outcome, row.reason);
  return row.last_error ? `${ending}: ${row.last_error}` : ending;
}
