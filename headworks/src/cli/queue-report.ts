// Writes queues for people: what limits them, and what is in them.

import type { QueueListing } from "../store/queues.ts";
import { count } from "../watch/health.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative } from "./instants.ts";
import { type Column, table } from "./table.ts";

export function renderQueues(queues: readonly QueueListing[], options: RenderOptions): string[] {
  const columns: Column<QueueListing>[] = [
    { title: "queue", value: (row) => row.name, flexible: true },
    {
      title: "state",
      value: (row) => (row.paused_at === null ? "open" : `paused ${relative(row.paused_at, options.now)}`),
      style: (row) => (row.paused_at === null ? undefined : "yellow"),
    },
    { title: "ready", align: "right", value: (row) => count(row.ready) },
    { title: "running", align: "right", value: (row) => count(row.running) },
    { title: "scheduled", align: "right", value: (row) => count(row.scheduled) },
    { title: "waiting", align: "right", value: (row) => count(row.waiting) },
    { title: "failed", align: "right", value: (row) => count(row.failed) },
    { title: "at once", align: "right", value: (row) => row.max_concurrent },
    { title: "per second", align: "right", value: (row) => row.rate },
    { title: "tokens", align: "right", value: tokensOf },
  ];
  return table(queues, columns, options);
}

/** Whole tokens only: less than one grants nothing. */
function tokensOf({ tokens, burst }: QueueListing): string | null {
  return tokens === null ? null : `${Math.floor(tokens)} of ${burst}`;
}
