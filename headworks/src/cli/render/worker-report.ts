// Writes workers for people: each process with its lease, then what they run, the longest first.

import type { Worker } from "../../contract/workers.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative } from "./instants.ts";
import { formatBytes } from "./sizes.ts";
import { type Column, table } from "./table.ts";

/** An event loop that is held up for so long at once hangs, or soon will. */
const HELD_UP_LONG_MS = 1_000;

interface Place {
  host: string;
  pid: number;
}

type RunLine = Place & Worker["runs"][number];

const PLACE: Column<Place>[] = [
  { title: "host", value: (row) => row.host },
  { title: "pid", align: "right", value: (row) => row.pid },
];

const RUNS: Column<RunLine>[] = [
  ...PLACE,
  { title: "output", value: outputOf, flexible: true },
  { title: "attempt", align: "right", value: (row) => row.attempt },
  { title: "for", value: (row) => formatDuration(row.running_ms) },
];

export function renderWorkers(workers: readonly Worker[], options: RenderOptions): string[] {
  const columns: Column<Worker>[] = [
    ...PLACE,
    { title: "code", value: (row) => row.code_version, flexible: true },
    { title: "since", value: (row) => relative(row.started_at, options.now) },
    {
      title: "lease",
      value: (row) => (row.lease_expired ? "expired" : relative(row.lease_expires_at, options.now)),
      style: (row) => (row.lease_expired ? "red" : undefined),
    },
    { title: "memory", align: "right", value: (row) => row.memory_bytes && formatBytes(row.memory_bytes) },
    {
      title: "held up",
      align: "right",
      value: (row) => (row.loop_delay_ms === null ? null : formatDuration(row.loop_delay_ms)),
      style: (row) => ((row.loop_delay_ms ?? 0) >= HELD_UP_LONG_MS ? "yellow" : undefined),
    },
    {
      title: "connections",
      align: "right",
      value: connectionsOf,
      style: (row) => ((row.pool_waiting ?? 0) > 0 ? "yellow" : undefined),
    },
    { title: "running", align: "right", value: (row) => `${row.runs.length} of ${row.concurrency}` },
  ];
  const runs = workers
    .flatMap(({ host, pid, runs: held }) => held.map((run): RunLine => ({ host, pid, ...run })))
    .toSorted((a, b) => b.running_ms - a.running_ms);
  const lines = table(workers, columns, options);
  return runs.length === 0 ? lines : [...lines, "", ...table(runs, RUNS, options)];
}

function connectionsOf({ pool_connections: open, pool_waiting: waiting }: Worker): string | null {
  if (open === null || !waiting) return open === null ? null : String(open);
  return `${open}, ${waiting} waiting`;
}

function outputOf({ namespace, processor, partition }: RunLine): string {
  const output = `${processor}[${partition}]`;
  return namespace === "prod" ? output : `${namespace}: ${output}`;
}
