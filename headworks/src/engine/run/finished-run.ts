// What a run leaves for its settlement.

import type { CompiledProcessor } from "../../define/registry.ts";
import type { Expectation } from "../../domain/settlement/expectation.ts";
import type { KeptError, Labels, Progress } from "../../domain/settlement/run-record.ts";
import type { RunReport } from "../../domain/settlement/settle.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import type { Usage } from "../../targets/usage.ts";

/** Rows of one dataset: those sent with the settlement (JSON texts), and how many more were staged before. */
export interface WrittenRows {
  rows: string[];
  staged: number;
}

export interface RejectedRow {
  dataset: string;
  row: unknown;
  error: string;
}

/** A partition that a run discovered, and the one that it lies in. */
export interface DiscoveredPartition {
  key: string;
  parent: string;
}

export interface WrittenArtifact {
  path: string;
  temporaryName: string;
  bytes: number;
  hash: string;
}

export interface Measurement {
  name: string;
  value: number;
  labels: Labels;
}

/** A run that has ended, with what it left. */
export interface EndedRun {
  task: ClaimedTask;
  traceparent: string;
  report: RunReport;
  /** Milliseconds from its claim to its end, by a clock that nobody sets. */
  tookMs: number;
  expectation: Expectation;
  records: number;
  written: ReadonlyMap<string, WrittenRows>;
  rejected: readonly RejectedRow[];
  rejectedCount: number;
  metrics: readonly Measurement[];
  discovered: ReadonlyMap<string, readonly DiscoveredPartition[]>;
  artifacts: readonly WrittenArtifact[];
  requests: number;
  logsDropped: number;
  note: string | null;
  progress: Progress | null;
  error: KeptError | null;
  readSet: string | null;
  /** What it used; undefined where that can't be told. */
  usage: Usage | undefined;
}

/** A run that has ended and waits to be settled. */
export interface FinishedRun extends EndedRun {
  processor: CompiledProcessor;
}

/** When it ended, in epoch milliseconds: the database's instant of its claim, and how long that is ago. A worker's clock doesn't matter. */
export function endedAt({ task, tookMs }: Pick<FinishedRun, "task" | "tookMs">): number {
  return Date.parse(task.claimed_at) + tookMs;
}

/** A run of which nothing but its end is known: its process died, or it was abandoned. */
export function bareRun(
  task: ClaimedTask,
  processor: CompiledProcessor,
  report: RunReport,
  error: KeptError | null,
  tookMs = 0,
): FinishedRun {
  return { ...bareEnd(task, report, error, tookMs), processor };
}

/** The same of a run whose processor isn't known either. */
export function bareEnd(
  task: ClaimedTask,
  report: RunReport,
  error: KeptError | null,
  tookMs: number,
): EndedRun {
  return {
    task,
    traceparent: task.traceparent ?? "",
    report,
    tookMs,
    expectation: { kind: "unknown" },
    records: 0,
    written: new Map(),
    rejected: [],
    rejectedCount: 0,
    metrics: [],
    discovered: new Map(),
    artifacts: [],
    requests: 0,
    logsDropped: 0,
    note: null,
    progress: null,
    error,
    readSet: null,
    usage: undefined,
  };
}
