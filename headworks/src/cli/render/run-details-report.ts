// Renders run details for people: the output, a run of it, its neighbors, all attempts.

import type { RunDetails, RunNeighbor } from "../../contract/runs.ts";
import { formatDuration } from "../../domain/duration.ts";
import { plural } from "../../domain/plural.ts";
import { shortRunId } from "../../inspect/runs.ts";
import { nameEnding } from "../../inspect/wording.ts";
import type { Attempt, OutputDetail } from "../../store/history/runs.queries.ts";
import { field } from "./field.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative, toSeconds } from "./instants.ts";
import { cut, safeText } from "./output.ts";
import { renderRun } from "./run-report.ts";
import { outcomeStyle, statusStyle } from "./styles.ts";
import { table } from "./table.ts";

const NEIGHBORS_SHOWN = 8;
const ATTEMPTS_SHOWN = 10;
/** Characters; --json has all of it. */
const PAYLOAD_SHOWN = 300;

export function renderRunDetails(details: RunDetails, options: RenderOptions): string[] {
  return [
    ...renderOutput(details.output, options),
    ...(details.payload === null
      ? []
      : [field("payload", cut(safeText(JSON.stringify(details.payload)), PAYLOAD_SHOWN))]),
    ...(details.run === null
      ? ["", "it has not run yet"]
      : ["", ...renderRun(details, details.run, options)]),
    ...renderNeighbors("needs", details.needs, "released it", options),
    ...renderNeighbors("needed by", details.needed_by, "released by it", options),
    ...renderAttempts(details.attempts, options),
  ];
}

function renderOutput(output: OutputDetail, { paint, now }: RenderOptions): string[] {
  const status = output.overdue ? `${output.status}, overdue` : output.status;
  const style = statusStyle(output.status, output.overdue);
  const name = safeText(`${output.processor}[${output.partition}]`);
  const task = output.task_state === null || output.task_state === "running" ? [] : [taskLine(output, now)];
  const deadline =
    output.expected_by === null
      ? []
      : [field("expected", `by ${toSeconds(output.expected_by)} (${relative(output.expected_by, now)})`)];
  return [
    `${paint("bold", name)}  ${style === undefined ? status : paint(style, status)}  ${paint("dim", `${output.pipeline} · ${output.phase} · ${output.criticality}`)}`,
    ...deadline,
    ...(output.status === "empty" ? [field("vouched by", output.vouched_by ?? "nobody")] : []),
    ...task,
  ];
}

function taskLine(output: OutputDetail, now: number): string {
  const used = output.attempts_used ?? 0;
  const attempts = used > 0 ? `, ${plural(used, "attempt")} used` : "";
  if (output.task_state === "failed")
    return field("task", `failed${attempts}: nothing tries it again by itself`);
  const waits = output.waits_for === null ? "" : ` for ${safeText(output.waits_for)}`;
  const due = output.task_state === "ready" ? "" : `, again ${relative(output.task_due_at, now)}`;
  return field("task", `${output.task_state}${waits}${due}${attempts}`);
}

function renderNeighbors(
  label: string,
  neighbors: readonly RunNeighbor[],
  relation: string,
  { paint }: RenderOptions,
): string[] {
  if (neighbors.length === 0) return [];
  const shown = neighbors.slice(0, NEIGHBORS_SHOWN).map((each) => {
    const style = statusStyle(each.status, false);
    const status = style === undefined ? each.status : paint(style, each.status);
    const terms = [
      each.mode === "optional" ? "optional" : "",
      each.accepts_degraded ? "degraded will do" : "",
      each.same_trace ? relation : "",
    ];
    const told = terms.filter((term) => term !== "").join(", ");
    return field(
      label,
      `${safeText(`${each.processor}[${each.partition}]`)}  ${status}${told === "" ? "" : `  ${paint("dim", told)}`}`,
    );
  });
  const more = neighbors.length - shown.length;
  return ["", ...shown, ...(more > 0 ? [field("", `and ${more} more`)] : [])];
}

function renderAttempts(attempts: readonly Attempt[], options: RenderOptions): string[] {
  if (attempts.length < 2) return [];
  const rows = table(
    attempts.slice(0, ATTEMPTS_SHOWN),
    [
      { title: "run", value: (row) => shortRunId(row.id) },
      { title: "try", align: "right", value: (row) => row.attempt },
      { title: "ended", align: "right", value: (row) => relative(row.ended_at, options.now) },
      {
        title: "took",
        align: "right",
        value: (row) => (row.duration_ms === null ? null : formatDuration(row.duration_ms)),
      },
      { title: "records", align: "right", value: (row) => row.records },
      {
        title: "outcome",
        value: (row) => nameEnding(row.outcome, row.reason),
        style: (row) => outcomeStyle(row.outcome),
        flexible: true,
      },
    ],
    options,
  );
  const more = attempts.length - Math.min(attempts.length, ATTEMPTS_SHOWN);
  return ["", options.paint("bold", "attempts"), ...rows, ...(more > 0 ? [`and ${more} more`] : [])];
}
