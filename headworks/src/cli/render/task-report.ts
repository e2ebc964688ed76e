// Writes tasks for people: when each is due, in which order, and what became of its last run.

import type { AddedTask, Task } from "../../contract/tasks.ts";
import { LIVE } from "../../domain/dispatch/lanes.ts";
import { nameEnding } from "../../inspect/wording.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative } from "./instants.ts";
import { type Column, table } from "./table.ts";

export function renderTasks(tasks: readonly Task[], options: RenderOptions): string[] {
  if (tasks.length === 0) return ["no task matches"];
  const columns: Column<Task>[] = [
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "queue", value: (row) => row.queue },
    ...(tasks.some((task) => task.lane !== LIVE) ? [laneColumn] : []),
    {
      title: "state",
      value: (row) => row.state,
      style: (row) => (row.state === "failed" ? "red" : undefined),
    },
    { title: "priority", align: "right", value: priorityOf },
    { title: "due", align: "right", value: (row) => relative(row.due_at, options.now) },
    { title: "expires", align: "right", value: (row) => relative(row.expires_at, options.now) },
    { title: "used", align: "right", value: (row) => row.attempts_used },
    { title: "last", value: lastOf, flexible: true },
  ];
  return table(tasks, columns, options);
}

const laneColumn: Column<Task> = { title: "lane", value: (row) => row.lane };

export function renderAdded(added: readonly AddedTask[], options: RenderOptions): string[] {
  const columns: Column<AddedTask>[] = [
    { title: "partition", value: (row) => row.partition, flexible: true },
    { title: "state", value: (row) => (row.state === "running" ? "runs; left alone" : row.state) },
    { title: "due", align: "right", value: (row) => relative(row.due_at, options.now) },
  ];
  return table(added, columns, options);
}

function priorityOf({ priority, priority_by_hand }: Task): string {
  return priority_by_hand ? `${priority} by hand` : String(priority);
}

function lastOf({ last_outcome, last_reason, last_error }: Task): string | null {
  if (last_outcome === null) return null;
  const ending = nameEnding(last_outcome, last_reason);
  return last_error === null ? ending : `${ending}: ${last_error}`;
}
