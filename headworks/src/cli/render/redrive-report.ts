// Writes redrives for people: how far each is, at what rate, and of which failed tasks.

import type { OutputOf } from "../../contract/operation.ts";
import type { cancelRedrive, Redrive } from "../../contract/redrives.ts";
import { count, plural } from "../../domain/plural.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative } from "./instants.ts";
import { type Column, table } from "./table.ts";

export function renderRedrives(redrives: readonly Redrive[], options: RenderOptions): string[] {
  const columns: Column<Redrive>[] = [
    { title: "redrive", align: "right", value: (row) => row.id },
    { title: "state", value: (row) => row.state },
    { title: "ready", align: "right", value: (row) => `${count(row.retried)} of ${count(row.tasks)}` },
    { title: "per second", align: "right", value: (row) => row.rate },
    { title: "by", value: (row) => row.created_by },
    { title: "begun", align: "right", value: (row) => relative(row.created_at, options.now) },
    { title: "of", value: (row) => filterOf(row), flexible: true },
  ];
  return table(redrives, columns, options);
}

export function messageOfCancelled({ id, retried, tasks }: OutputOf<typeof cancelRedrive>): string {
  return `redrive ${id} is canceled: ${count(retried)} of ${plural(tasks, "task")} are ready, the rest stays failed`;
}

function filterOf({ filter }: Redrive): string {
  const parts = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "all failed tasks" : parts.join(", ");
}
