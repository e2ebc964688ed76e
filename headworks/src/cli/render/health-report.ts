// Gathers and renders the health report: a verdict, a table of phases, the causes, what to run next.

import { PROD } from "../../domain/namespace.ts";
import {
  assessHealth,
  count,
  type HealthReason,
  type HealthReport,
  type PhaseHealth,
} from "../../inspect/health.ts";
import { nameEnding } from "../../inspect/wording.ts";
import type { Executor } from "../../store/database.ts";
import { listStorms } from "../../store/failure/retry-storms.ts";
import { listDutyFailures } from "../../store/history/duties.ts";
import { countByProcessor, listProblems, type StatusCounts } from "../../store/history/overview.ts";
import { listQueues } from "../../store/queue/queues.ts";
import { listSchedules } from "../../store/queue/schedules.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import { relative } from "./instants.ts";
import { cut, type Paint, safeText } from "./output.ts";
import { statusColumns } from "./status-columns.ts";
import { type Column, table } from "./table.ts";

/** Groups of problems that are read; further ones are the least critical. */
const PROBLEMS_READ = 200;
const REASONS_SHOWN = 10;
const REASON_WIDTH = 100;

export interface RenderOptions {
  paint: Paint;
  width: number | undefined;
  /** Epoch milliseconds. */
  now: number;
}

export async function readHealth(executor: Executor): Promise<HealthReport> {
  const counts = await countByProcessor(executor, PROD);
  const problems = await listProblems(executor, PROD, PROBLEMS_READ);
  const queues = await listQueues(executor);
  const schedules = await listSchedules(executor);
  const workers = await listWorkers(executor);
  const liveWorkers = workers.filter((worker) => !worker.lease_expired).length;
  const storms = await listStorms(executor);
  const duties = await listDutyFailures(executor);
  return assessHealth({ counts, problems, queues, schedules, storms, duties, liveWorkers });
}

/** The report as lines. */
export function renderHealth(report: HealthReport, options: RenderOptions): string[] {
  const { paint } = options;
  const mark = report.verdict === "good" ? paint("green", "✓") : paint("red", "✗");
  const shown = report.reasons.slice(0, REASONS_SHOWN);
  const more = report.reasons.length - shown.length;
  return [
    `${mark} ${paint("bold", report.headline)}`,
    ...(report.phases.length === 0 ? [] : ["", ...phaseTable(report, options)]),
    ...section(
      "Wrong",
      shown.filter((each) => each.wrong),
      options,
    ),
    ...section(
      "On its way",
      shown.filter((each) => !each.wrong),
      options,
    ),
    ...(more > 0 ? ["", `and ${more} more causes: \`headworks health --json\` has them all`] : []),
    ...report.notes.flatMap(({ message, next }) => [
      "",
      `${paint("yellow", "!")} ${safeText(message)}`,
      ...(next === null ? [] : [`  ${paint("cyan", `→ ${next}`)}`]),
    ]),
  ];
}

const ALWAYS_SHOWN = [
  "expected",
  "complete",
  "empty",
  "degraded",
  "late",
  "failed",
  "waiting",
  "running",
] as const satisfies (keyof StatusCounts)[];

function phaseTable(report: HealthReport, options: RenderOptions): string[] {
  const isOne = new Set(report.phases.map((phase) => phase.pipeline)).size === 1;
  const named: Column<PhaseHealth> = {
    title: "phase",
    value: (row) => (isOne ? row.phase : `${row.pipeline}/${row.phase}`),
    flexible: true,
  };
  return table(report.phases, [named, ...statusColumns(report.phases, ALWAYS_SHOWN)], options);
}

function section(title: string, reasons: readonly HealthReason[], options: RenderOptions): string[] {
  if (reasons.length === 0) return [];
  return ["", options.paint("bold", title), ...reasons.flatMap((reason) => renderReason(reason, options))];
}

function renderReason(reason: HealthReason, { paint, now, width }: RenderOptions): string[] {
  const many = reason.outputs > 1 ? ` and ${count(reason.outputs - 1)} more` : "";
  const subject = `${reason.processor}[${reason.partition}]${many}`;
  const ending = reason.outcome === null ? reason.kind : nameEnding(reason.outcome, reason.reason);
  const facts = [
    ending,
    reason.kind === ending ? "" : reason.kind,
    reason.late > 0 && reason.outcome !== null ? `${count(reason.late)} late` : "",
    `since ${relative(reason.since, now)}`,
    reason.blocks > 0 ? `holds up ${count(reason.blocks)} ${reason.blocks === 1 ? "output" : "outputs"}` : "",
  ];
  return [
    `  ${paint(reason.wrong ? "red" : "yellow", "●")} ${safeText(subject)}  ${paint("dim", facts.filter((fact) => fact !== "").join(" · "))}`,
    `    ${cut(safeText(reason.what), (width ?? REASON_WIDTH) - 4)}`,
    `    ${paint("cyan", `→ ${reason.next}`)}`,
  ];
}
