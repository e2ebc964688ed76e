// Writes failed tasks for people: those that failed alike together, and what to run next.

import type { FailedTask, Failure } from "../../contract/failures.ts";
import { count } from "../../domain/plural.ts";
import { firstLine, nameEnding } from "../../inspect/wording.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative, toSeconds } from "./instants.ts";
import { type Column, table } from "./table.ts";

const FINGERPRINT_SHOWN = 8;

export function renderFailures(failures: readonly Failure[], options: RenderOptions): string[] {
  if (failures.length === 0) return ["no failed task matches"];
  const columns: Column<Failure>[] = [
    { title: "failure", value: (row) => row.fingerprint && shortFingerprint(row.fingerprint) },
    {
      title: "state",
      value: (row) => stateOf(row, options.now),
      style: (row) => (row.state === "open" ? "red" : "dim"),
    },
    { title: "tasks", align: "right", value: (row) => count(row.tasks) },
    { title: "first", align: "right", value: (row) => relative(row.first_failed_at, options.now) },
    { title: "last", align: "right", value: (row) => relative(row.failed_at, options.now) },
    { title: "of", value: (row) => placesOf(row) },
    { title: "ended as", value: endingOf, flexible: true },
  ];
  return table(failures, columns, options);
}

/** One failure with its note and its tasks. */
export function renderFailure(
  failure: Failure,
  tasks: readonly FailedTask[],
  options: RenderOptions,
): string[] {
  const { note, processors } = failure;
  return [
    ...renderFailures([failure], options),
    ...(processors.length > 1 ? [`processors: ${processors.join(", ")}`] : []),
    ...(note === null ? [] : [`note: ${note}`]),
    "",
    ...renderFailedTasks(tasks, options),
  ];
}

/** Enough of a fingerprint to tell it from the others, and to type. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, FINGERPRINT_SHOWN);
}

function renderFailedTasks(tasks: readonly FailedTask[], options: RenderOptions): string[] {
  const columns: Column<FailedTask>[] = [
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "failed", align: "right", value: (row) => relative(row.failed_at, options.now) },
    { title: "attempts", align: "right", value: (row) => row.attempts_used },
    { title: "ended as", value: endingOf, flexible: true },
  ];
  return table(tasks, columns, options);
}

function stateOf(row: Failure, now: number): string {
  if (row.state !== "ignored") return row.state;
  if (row.ignored_until === null) return `ignored up to ${row.ignored_above} an hour`;
  return Date.parse(row.ignored_until) - now > 86_400_000
    ? `ignored until ${toSeconds(row.ignored_until)}`
    : `ignored, ends ${relative(row.ignored_until, now)}`;
}

function placesOf({ processors, processor, partition, tasks }: Failure): string {
  if (tasks === 1) return `${processor}[${partition}]`;
  return processors.length === 1 ? processor : `${processor} and ${processors.length - 1} more`;
}

function endingOf({
  outcome,
  reason,
  error,
}: {
  outcome: string;
  reason: string | null;
  error: string | null;
}) {
  const ending = nameEnding(outcome, reason);
  return error === null ? ending : `${ending}: ${firstLine(error)}`;
}
