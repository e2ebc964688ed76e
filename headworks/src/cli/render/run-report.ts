// Renders what one run did: outcome, timing, rows, metrics, requests, files, error, the last lines of its log.

import type { RunDetails } from "../../contract/runs.ts";
import { formatDuration } from "../../domain/duration.ts";
import { count } from "../../domain/plural.ts";
import { describeEnding, nameEnding } from "../../inspect/wording.ts";
import type { Attempt, KeptRequest } from "../../store/history/runs.queries.ts";
import { field } from "./field.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative, toSeconds } from "./instants.ts";
import { cut, safeText } from "./output.ts";
import { formatBytes } from "./sizes.ts";
import { outcomeStyle } from "./styles.ts";

const REQUESTS_SHOWN = 10;
const STACK_LINES = 12;

export function renderRun(details: RunDetails, run: Attempt, options: RenderOptions): string[] {
  const { paint } = options;
  const style = outcomeStyle(run.outcome);
  const ending = nameEnding(run.outcome, run.reason);
  const words = describeEnding({
    outcome: run.outcome,
    reason: run.reason,
    records: run.records,
    expectedMin: run.expected_min,
    message: run.error?.message ?? run.note ?? "",
  });
  return [
    `${paint("bold", `run ${run.id}`)}  attempt ${run.attempt}${run.attempt_used === false ? " (not counted)" : ""}`,
    field(
      "outcome",
      `${style === undefined ? ending : paint(style, ending)}${isPlain(run) ? "" : `: ${safeText(words)}`}`,
    ),
    field("timing", timingOf(run, options.now)),
    ...usageLine(run),
    ...(run.records === null ? [] : [field("records", recordsOf(run))]),
    ...rowsLine(run),
    ...progressLine(run),
    ...details.metrics.map((metric) =>
      field("metric", `${metric.name}${labelsOf(metric.labels)} ${metric.value}`),
    ),
    ...renderRequests(details.requests, run, options),
    ...details.artifacts.map((each) =>
      field(
        "artifact",
        `${safeText(each.path)}  ${bytes(each.bytes)}  ${each.state}  ${each.hash.slice(0, 12)}`,
      ),
    ),
    ...details.rejected.map((each) =>
      field("rejected", cut(safeText(`${each.dataset}: ${each.error}  ${JSON.stringify(each.row)}`), 200)),
    ),
    ...renderError(run, options),
    ...renderLogs(details, run, options),
    ...(run.code_version === null ? [] : [field("code", run.code_version)]),
    ...(run.traceparent === null ? [] : [field("trace", run.traceparent)]),
  ];
}

/** Whether the outcome says it all. */
function isPlain({ outcome, reason, note }: Attempt): boolean {
  return outcome === null || (outcome === "success" && reason === null && note === null);
}

function timingOf(run: Attempt, now: number): string {
  const waitedMs = Math.max(0, Date.parse(run.claimed_at) - Date.parse(run.due_at));
  const began = `due ${toSeconds(run.due_at)}, waited ${formatDuration(waitedMs)}`;
  if (run.ended_at === null) return `${began}, running since ${relative(run.claimed_at, now)}`;
  return `${began}, ran ${formatDuration(run.duration_ms ?? 0)}, ended ${relative(run.ended_at, now)}`;
}

/** Only where a run was alone in its process, or was one of its own. */
function usageLine({ cpu_ms: cpu, peak_memory_bytes: peak }: Attempt): string[] {
  if (cpu === null) return [];
  return [
    field(
      "used",
      `${formatDuration(cpu)} of processor time${peak === null ? "" : `, ${formatBytes(peak)} of memory at most`}`,
    ),
  ];
}

function recordsOf(run: Attempt): string {
  const { records, expected_min: min, expected_max: max } = run;
  // A run that threw, or that found nothing changed, never came to ask what was expected.
  const asked = run.error === null && run.reason !== "unchanged";
  if (min === null) return `${count(records ?? 0)}${asked ? ", nothing stated what to expect" : ""}`;
  return `${count(records ?? 0)}, expected ${max === null ? `at least ${count(min)}` : `${count(min)} to ${count(max)}`}`;
}

function rowsLine(run: Attempt): string[] {
  const kinds = ["inserted", "updated", "unchanged", "removed", "rejected"] as const;
  const named = kinds.flatMap((kind) => {
    const amount = run[`rows_${kind}`] ?? 0;
    return amount === 0 ? [] : [`${count(amount)} ${kind}`];
  });
  return named.length === 0 ? [] : [field("rows", named.join(", "))];
}

function progressLine({ progress, outcome }: Attempt): string[] {
  if (progress === null || outcome === "success") return [];
  return [field("progress", `${progress.done}${progress.total === null ? "" : ` of ${progress.total}`}`)];
}

function renderRequests(requests: readonly KeptRequest[], run: Attempt, { paint }: RenderOptions): string[] {
  const shown = requests.slice(0, REQUESTS_SHOWN).map((each) => {
    const status = paint(each.status < 400 ? "green" : "red", String(each.status));
    return field(
      "request",
      `${status} ${each.method} ${safeText(each.url)}  ${formatDuration(each.duration_ms)}  ${bytes(each.bytes)}  ${each.hash.slice(0, 12)}`,
    );
  });
  const more = Math.max(run.requests ?? 0, requests.length) - shown.length;
  return more > 0 && shown.length > 0 ? [...shown, field("", `and ${more} more`)] : shown;
}

function renderError({ error }: Attempt, { paint }: RenderOptions): string[] {
  if (error === null) return [];
  const code = error.code === null ? "" : ` [${error.code}]`;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return [
    field("error", `${paint("red", safeText(`${error.name}: ${error.message}`))}${code}`),
    ...(error.hint === null ? [] : [field("", paint("cyan", `→ ${safeText(error.hint)}`))]),
    ...frames.slice(0, STACK_LINES).map((frame) => field("", paint("dim", safeText(frame.trim())))),
  ];
}

function renderLogs({ logs }: RunDetails, run: Attempt, { paint }: RenderOptions): string[] {
  const lines = logs.map((line) =>
    field(
      "log",
      `${paint("dim", line.at.slice(11, 23))} ${line.severity} ${safeText(line.message)}${line.fields === null ? "" : ` ${paint("dim", cut(safeText(JSON.stringify(line.fields)), 200))}`}`,
    ),
  );
  const dropped = run.logs_dropped ?? 0;
  return dropped > 0
    ? [...lines, field("", `${count(dropped)} log lines were too many and are not kept`)]
    : lines;
}

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${safeText(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(", ")}}`;
}

/** 1536 → "1.5 kB", in powers of ten. */
function bytes(amount: number): string {
  if (amount < 1_000) return `${amount} B`;
  if (amount < 1_000_000) return `${(amount / 1_000).toFixed(1)} kB`;
  return `${(amount / 1_000_000).toFixed(1)} MB`;
}
