// The rows that the history gives, in their column names. Instants are ISO 8601, durations are milliseconds.

import type { Criticality } from "../../domain/criticality.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { OutputStatus, TaskState } from "../../domain/settlement/states.ts";

export interface OutputListing {
  id: number;
  pipeline: string;
  phase: string;
  processor: string;
  partition: string;
  status: OutputStatus;
  outcome: Outcome | null;
  reason: string | null;
  vouched_by: string | null;
  records: number | null;
  expected_min: number | null;
  expected_max: number | null;
  opens_at: string;
  expected_by: string | null;
  settled_at: string | null;
  overdue: boolean;
  task_state: TaskState | null;
  task_due_at: string | null;
  attempts_used: number | null;
  last_error: string | null;
  run_id: string | null;
}

export interface OutputDetail extends Omit<OutputListing, "last_error"> {
  criticality: Criticality;
  /** The output that its task waits for by name. */
  waits_for: string | null;
}

/** What a run did to the rows of its datasets. Null while it runs. */
export interface RowCounts {
  rows_inserted: number | null;
  rows_updated: number | null;
  rows_unchanged: number | null;
  rows_removed: number | null;
  rows_rejected: number | null;
}

export interface RunListing extends RowCounts {
  id: string;
  processor: string;
  partition: string;
  attempt: number;
  /** Null while it runs. */
  outcome: Outcome | null;
  reason: string | null;
  due_at: string;
  claimed_at: string;
  ended_at: string | null;
  records: number | null;
  requests: number | null;
  note: string | null;
  error: string | null;
}

export interface StoredError {
  name: string;
  code: string | null;
  message: string;
  hint: string | null;
  stack: string | null;
}

export interface Attempt extends Omit<RunListing, "processor" | "partition" | "error"> {
  attempt_used: boolean | null;
  /** Of its cause; null of a success, and while it runs. */
  fingerprint: string | null;
  duration_ms: number | null;
  expected_min: number | null;
  expected_max: number | null;
  progress: { done: number; total: number | null } | null;
  error: StoredError | null;
  logs_dropped: number | null;
  worker_id: string;
  code_version: string | null;
  traceparent: string | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
}

export interface ReportedMetric {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface KeptRequest {
  source: string;
  method: string;
  url: string;
  status: number;
  duration_ms: number;
  bytes: number;
  /** SHA-256 of the body: its name in the archive. */
  hash: string;
  fetched_at: string;
}

export interface KeptRejection {
  dataset: string;
  row: unknown;
  error: string;
}

export interface KeptArtifact {
  path: string;
  state: string;
  bytes: number;
  hash: string;
}

/** An output that another needs (`up`), or that needs it (`down`). */
export interface Neighbor {
  direction: "up" | "down";
  processor: string;
  partition: string;
  status: OutputStatus;
  task_state: TaskState | null;
  mode: string;
  accepts_degraded: boolean;
  /** Of the run that settled it. */
  run_traceparent: string | null;
  /** Of the run that released its task. */
  task_traceparent: string | null;
}
