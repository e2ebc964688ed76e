// Writes queues for people: what limits them, what is in them, and the same of each of their lanes below.

import type { Lane, Queue } from "../../contract/queues.ts";
import { count } from "../../domain/plural.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative } from "./instants.ts";
import { type Column, table } from "./table.ts";

/** A queue, or one of its lanes. */
type Line = Queue | Lane;

export function renderQueues(queues: readonly Queue[], options: RenderOptions): string[] {
  const lines = queues.flatMap((queue): Line[] => [queue, ...queue.lanes]);
  const hasLanes = lines.length > queues.length;
  const columns: Column<Line>[] = [
    { title: "queue", value: (row) => (isQueue(row) ? row.name : `  ${row.name}`), flexible: true },
    {
      title: "state",
      value: (row) => stateOf(row, options.now),
      style: (row) => (isQueue(row) && row.paused_at !== null ? "yellow" : undefined),
    },
    { title: "ready", align: "right", value: (row) => count(row.ready) },
    { title: "running", align: "right", value: (row) => count(row.running) },
    { title: "scheduled", align: "right", value: (row) => count(row.scheduled) },
    { title: "waiting", align: "right", value: (row) => count(row.waiting) },
    { title: "failed", align: "right", value: (row) => count(row.failed) },
    { title: "at once", align: "right", value: (row) => (isQueue(row) ? row.max_concurrent : "") },
    { title: "per second", align: "right", value: (row) => row.rate },
    { title: "tokens", align: "right", value: tokensOf },
    ...(hasLanes ? [weightColumn] : []),
  ];
  return table(lines, columns, options);
}

const weightColumn: Column<Line> = {
  title: "weight",
  align: "right",
  value: (row) => (isQueue(row) ? "" : row.weight),
};

function isQueue(row: Line): row is Queue {
  return "lanes" in row;
}

function stateOf(row: Line, now: number): string {
  if (!isQueue(row)) return "";
  return row.paused_at === null ? "open" : `paused ${relative(row.paused_at, now)}`;
}

/** Whole tokens only: less than one grants nothing. */
function tokensOf({ tokens, burst }: Line): string | null {
  return tokens === null ? null : `${Math.floor(tokens)} of ${burst}`;
}
