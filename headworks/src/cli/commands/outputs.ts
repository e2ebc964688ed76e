// `headworks outputs list`: pages through the ledger of expected outputs.

import { type Command, Option } from "commander";
import { parseInput } from "../../contract/input.ts";
import type { Output } from "../../contract/outputs.ts";
import * as contract from "../../contract/outputs.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { OUTPUT_STATUSES } from "../../domain/settlement/states.ts";
import { listOutputs } from "../../inspect/outputs.ts";
import { nameEnding } from "../../inspect/wording.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson } from "../render/output.ts";
import { statusStyle } from "../render/styles.ts";
import { type Column, table } from "../render/table.ts";
import { withNamespace } from "../session.ts";

interface ListOptions extends NamespaceOptions, PageOptions {
  processor?: string;
  phase?: string;
  status?: string;
  partition?: string;
  overdue?: boolean;
}

export function configure(command: Command): void {
  addPageOptions(
    addNamespaceOption(command.command("list"))
      .description("list outputs by processor, the latest partitions first")
      .option("--processor <name>", "of this processor only")
      .option("--phase <name>", "of this phase only")
      .addOption(new Option("--status <status>", OUTPUT_STATUSES.join(", ")))
      .option("--partition <key>", "this partition only")
      .option("--overdue", "past their time and unsettled only"),
  )
    .addHelpText("after", "\nExample:\n  $ headworks outputs list --status failed --limit 20")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
}

async function list(options: ListOptions): Promise<void> {
  if (options.status !== undefined) requireKnown("status", options.status, OUTPUT_STATUSES);
  const { processor, phase, status, partition, overdue, limit, cursor } = options;
  const given = { processor, phase, status, partition, overdue, limit, cursor };
  const input = parseInput(contract.listOutputs, given);
  const page = await withNamespace(options, (database, namespace) => listOutputs(database, namespace, input));
  if (options.json) return writeJson(page);
  const { stdout } = process;
  writeData(renderOutputs(page.items, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
  sayWhereMoreIs(page);
}

export function renderOutputs(outputs: readonly Output[], options: RenderOptions): string[] {
  if (outputs.length === 0) return ["no output matches"];
  const columns: Column<Output>[] = [
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "status", value: statusOf, style: (row) => statusStyle(row.status, row.overdue) },
    { title: "records", align: "right", value: recordsOf },
    { title: "settled", align: "right", value: (row) => relative(row.settled_at, options.now) },
    { title: "why", value: whyOf, flexible: true },
  ];
  return table(outputs, columns, options);
}

function statusOf(row: Output): string {
  return row.overdue ? `${row.status}, overdue` : row.status;
}

function recordsOf(row: Output): string | null {
  if (row.records === null) return null;
  const isShort = row.expected_min !== null && row.records < row.expected_min;
  return isShort ? `${row.records} of ${row.expected_min}` : String(row.records);
}

function whyOf(row: Output): string | null {
  if (row.outcome === null) return row.task_state ?? row.reason;
  const ending = nameEnding(row.outcome, row.reason);
  return row.last_error ? `${ending}: ${row.last_error}` : ending;
}
