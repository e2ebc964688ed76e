// `headworks runs list` and `headworks runs show`: the history of runs, and all details of one.

import { type Command, Option } from "commander";
import { parseInput } from "../../contract/input.ts";
import type { Run } from "../../contract/runs.ts";
import * as contract from "../../contract/runs.ts";
import { formatDuration } from "../../domain/duration.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { OUTCOMES } from "../../domain/settlement/outcome.ts";
import { showRun } from "../../inspect/run-details.ts";
import { listRuns, shortRunId } from "../../inspect/runs.ts";
import { firstLine, nameEnding } from "../../inspect/wording.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { parseSince, relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson } from "../render/output.ts";
import { renderRunDetails } from "../render/run-details-report.ts";
import { outcomeStyle } from "../render/styles.ts";
import { type Column, table } from "../render/table.ts";
import { withNamespace } from "../session.ts";

interface ListOptions extends NamespaceOptions, PageOptions {
  processor?: string;
  partition?: string;
  outcome?: string;
  since?: string;
}

export function configure(command: Command): void {
  addPageOptions(
    addNamespaceOption(command.command("list"))
      .description("list runs, the latest first, those in progress too")
      .option("--processor <name>", "of this processor only")
      .option("--partition <key>", "of this partition only")
      .addOption(new Option("--outcome <outcome>", OUTCOMES.join(", ")))
      .option("--since <when>", "claimed since: 90m, 6h, 2d ago, or an instant"),
  )
    .addHelpText("after", "\nExample:\n  $ headworks runs list --outcome error --since 6h")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  addNamespaceOption(command.command("show <run-or-processor> [partition]"))
    .description("show all details: by a run's id (or its beginning), or by processor and partition")
    .addHelpText("after", "\nExample:\n  $ headworks runs show box_scores_raw 2026-01-14")
    .action(async (named: string, partition: string | undefined, _options, self: Command) =>
      show(named, partition, self.optsWithGlobals<NamespaceOptions>()),
    );
}

async function list(options: ListOptions): Promise<void> {
  if (options.outcome !== undefined) requireKnown("outcome", options.outcome, OUTCOMES);
  const { processor, partition, outcome, limit, cursor } = options;
  const since = options.since === undefined ? undefined : parseSince(options.since, Date.now());
  const input = parseInput(contract.listRuns, { processor, partition, outcome, since, limit, cursor });
  const page = await withNamespace(options, (database, namespace) => listRuns(database, namespace, input));
  if (options.json) return writeJson(page);
  const { stdout } = process;
  writeData(renderRuns(page.items, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
  sayWhereMoreIs(page);
}

async function show(named: string, partition: string | undefined, options: NamespaceOptions): Promise<void> {
  const input = parseInput(contract.showRun, { named, partition });
  const details = await withNamespace(options, (database, namespace) => showRun(database, namespace, input));
  if (options.json) return writeJson(details);
  const { stdout } = process;
  writeData(renderRunDetails(details, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
}

export function renderRuns(runs: readonly Run[], options: RenderOptions): string[] {
  if (runs.length === 0) return ["no run matches"];
  const columns: Column<Run>[] = [
    { title: "run", value: (row) => shortRunId(row.id) },
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "try", align: "right", value: (row) => row.attempt },
    { title: "began", align: "right", value: (row) => relative(row.claimed_at, options.now) },
    { title: "took", align: "right", value: tookOf },
    { title: "records", align: "right", value: (row) => row.records },
    { title: "outcome", value: outcomeOf, style: (row) => outcomeStyle(row.outcome), flexible: true },
  ];
  return table(runs, columns, options);
}

function tookOf(row: Run): string | null {
  return row.ended_at === null ? null : formatDuration(Date.parse(row.ended_at) - Date.parse(row.claimed_at));
}

function outcomeOf(row: Run): string {
  const text = firstLine(row.error ?? row.note ?? "");
  const ending = nameEnding(row.outcome, row.reason);
  return text === "" ? ending : `${ending}: ${text}`;
}
