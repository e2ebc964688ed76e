// Renders the health report: a verdict, a table of phases, the causes, what to run next.

import type { HealthReason, HealthReport, PhaseHealth } from "../../contract/health.ts";
import { count, plural } from "../../domain/plural.ts";
import { nameEnding } from "../../inspect/wording.ts";
import type { StatusCounts } from "../../store/history/overview.ts";
import { relative } from "./instants.ts";
import { renderNextStep } from "./next-step.ts";
import { cut, type Paint, safeText } from "./output.ts";
import { statusColumns } from "./status-columns.ts";
import { type Column, table } from "./table.ts";

const REASONS_SHOWN = 10;
const REASON_WIDTH = 100;

export interface RenderOptions {
  paint: Paint;
  width: number | undefined;
  /** Epoch milliseconds. */
  now: number;
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
    ...(more > 0 ? ["", moreCauses(more, report.reasons_cut)] : []),
    ...report.notes.flatMap(({ message, next }) => [
      "",
      `${paint("yellow", "!")} ${safeText(message)}`,
      ...(next === null ? [] : [`  ${paint("cyan", `→ ${renderNextStep(next)}`)}`]),
    ]),
  ];
}

function moreCauses(more: number, isCut: boolean): string {
  return `and ${more}${isCut ? " or more" : ""} further ${more === 1 && !isCut ? "cause" : "causes"}: see \`headworks health --json\``;
}

const ALWAYS_SHOWN = [
  "expected",
  "complete",
  "empty",
  "degraded",
  "overdue",
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
    reason.overdue > 0 && reason.outcome !== null ? `${count(reason.overdue)} overdue` : "",
    `since ${relative(reason.since, now)}`,
    reason.blocks > 0 ? `holds up ${plural(reason.blocks, "output")}` : "",
  ];
  return [
    `  ${paint(reason.wrong ? "red" : "yellow", "●")} ${safeText(subject)}  ${paint("dim", facts.filter((fact) => fact !== "").join(" · "))}`,
    `    ${cut(safeText(reason.what), (width ?? REASON_WIDTH) - 4)}`,
    `    ${paint("cyan", `→ ${renderNextStep(reason.next)}`)}`,
  ];
}
