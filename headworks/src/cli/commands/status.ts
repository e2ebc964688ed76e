// `headworks status`: what stands where, in short: processors, what runs now, queues, workers.

import type { Command } from "commander";
import type { ProcessorStatus, RunningRun, Status } from "../../contract/status.ts";
import type { Worker } from "../../contract/workers.ts";
import { readStatus } from "../../inspect/status.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { relative } from "../render/instants.ts";
import { painter, widthOf, writeData, writeJson } from "../render/output.ts";
import { renderQueues } from "../render/queue-report.ts";
import { statusColumns } from "../render/status-columns.ts";
import { type Column, table } from "../render/table.ts";
import { withNamespace } from "../session.ts";

export function configure(command: Command): void {
  addNamespaceOption(command)
    .addHelpText("after", "\nExample:\n  $ headworks status")
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<NamespaceOptions>();
      const status = await withNamespace(options, readStatus);
      if (options.json) return writeJson(status);
      const { stdout } = process;
      writeData(renderStatus(status, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
    });
}

export function renderStatus(status: Status, options: RenderOptions): string[] {
  const { paint } = options;
  if (status.processors.length === 0) return ["no pipeline is registered yet: run `headworks start`"];
  const pipelines = Map.groupBy(status.processors, (each) => each.pipeline);
  return [
    ...[...pipelines].flatMap(([name, processors]) => [
      paint("bold", `pipeline ${name}`),
      ...table(processors, processorColumns(processors), options),
      "",
    ]),
    paint("bold", "running now"),
    ...runningTable(status.running, options),
    ...(status.running_cut ? ["and more: `headworks workers list` has all of them"] : []),
    "",
    paint("bold", "queues"),
    ...renderQueues(status.queues, options),
    "",
    paint("bold", "workers"),
    ...workerTable(status.workers, options),
  ];
}

function processorColumns(processors: readonly ProcessorStatus[]): Column<ProcessorStatus>[] {
  return [
    { title: "processor", value: (row) => row.processor, flexible: true },
    { title: "phase", value: (row) => row.phase },
    ...statusColumns(processors, ["expected", "complete", "empty"]),
  ];
}

function runningTable(running: readonly RunningRun[], options: RenderOptions): string[] {
  if (running.length === 0) return ["nothing"];
  const columns: Column<RunningRun>[] = [
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition, flexible: true },
    { title: "attempt", align: "right", value: (row) => row.attempt },
    { title: "since", value: (row) => relative(row.claimed_at, options.now) },
  ];
  return table(running, columns, options);
}

function workerTable(workers: readonly Worker[], options: RenderOptions): string[] {
  if (workers.length === 0) return ["none"];
  const columns: Column<Worker>[] = [
    { title: "host", value: (row) => row.host, flexible: true },
    { title: "state", value: (row) => (row.lease_expired ? "dead" : "alive") },
    { title: "running", align: "right", value: (row) => `${row.runs.length} of ${row.concurrency}` },
    { title: "started", value: (row) => relative(row.started_at, options.now) },
    { title: "code version", value: (row) => row.code_version },
  ];
  return table(workers, columns, options);
}
