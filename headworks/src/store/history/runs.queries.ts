// The queries of runs.sql, with the types that their headers declare. Written by npm run queries.

import type { Criticality } from "../../domain/criticality.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { EdgeDirection, NeedMode } from "../../domain/settlement/release.ts";
import type { KeptError, Labels, Progress } from "../../domain/settlement/run-record.ts";
import type { OutputStatus, TaskState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("runs.sql", import.meta.url));

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

export interface RunListing {
  id: string;
  processor: string;
  partition: string;
  attempt: number;
  outcome: Outcome | null;
  reason: string | null;
  due_at: string;
  claimed_at: string;
  ended_at: string | null;
  records: number | null;
  rows_inserted: number | null;
  rows_updated: number | null;
  rows_unchanged: number | null;
  rows_removed: number | null;
  rows_rejected: number | null;
  requests: number | null;
  note: string | null;
  error: string | null;
}

export interface OutputDetail {
  id: number;
  pipeline: string;
  phase: string;
  processor: string;
  criticality: Criticality;
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
  run_id: string | null;
  task_state: TaskState | null;
  task_due_at: string | null;
  attempts_used: number | null;
  waits_for: string | null;
}

export interface Attempt {
  id: string;
  attempt: number;
  attempt_used: boolean | null;
  outcome: Outcome | null;
  reason: string | null;
  fingerprint: string | null;
  due_at: string;
  claimed_at: string;
  ended_at: string | null;
  duration_ms: number | null;
  records: number | null;
  expected_min: number | null;
  expected_max: number | null;
  rows_inserted: number | null;
  rows_updated: number | null;
  rows_unchanged: number | null;
  rows_removed: number | null;
  rows_rejected: number | null;
  requests: number | null;
  note: string | null;
  progress: Progress | null;
  error: KeptError | null;
  logs_dropped: number | null;
  worker_id: string;
  code_version: string | null;
  traceparent: string | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
}

export interface ReportedMetric {
  name: string;
  labels: Labels;
  value: number;
}

export interface KeptRequest {
  source: string;
  method: string;
  url: string;
  status: number;
  duration_ms: number;
  bytes: number;
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

export interface Neighbor {
  direction: EdgeDirection;
  processor: string;
  partition: string;
  status: OutputStatus;
  task_state: TaskState | null;
  mode: NeedMode;
  accepts_degraded: boolean;
  run_traceparent: string | null;
  task_traceparent: string | null;
}

export interface ListOutputsParams {
  namespace: string;
  processor?: string | null | undefined;
  phase?: string | null | undefined;
  status?: OutputStatus | null | undefined;
  partition?: string | null | undefined;
  overdue: boolean;
  after_processor?: string | null | undefined;
  after_partition?: string | null | undefined;
  limit: number;
}

/** Rows of the ledger after the cursor (processor, partition), by processor, the latest partitions first. */
export const listOutputs = queries.many<ListOutputsParams, OutputListing>("listOutputs");

export interface ListRunsParams {
  namespace: string;
  processor?: string | null | undefined;
  partition?: string | null | undefined;
  outcome?: Outcome | null | undefined;
  since?: string | null | undefined;
  since_id?: string | null | undefined;
  before?: string | null | undefined;
  limit: number;
}

/** Runs before the cursor, those in progress too, the latest claimed first. */
export const listRuns = queries.many<ListRunsParams, RunListing>("listRuns");

export interface FindRunsParams {
  first: string;
  last: string;
  limit: number;
}

export interface FindRunsRow {
  id: string;
  output_id: number;
  processor: string;
  partition: string;
}

/** The runs whose ids lie between two, those in progress too: one when the ids are equal, some when a prefix was given. */
export const findRuns = queries.many<FindRunsParams, FindRunsRow>("findRuns");

export interface FindOutputDetailParams {
  id: number;
}

/** One row of the ledger by its id, with what its task does. */
export const findOutputDetail = queries.maybe<FindOutputDetailParams, OutputDetail>("findOutputDetail");

export interface ListAttemptsParams {
  output_id: number;
  limit: number;
}

/** The latest runs of one output, the last first. */
export const listAttempts = queries.many<ListAttemptsParams, Attempt>("listAttempts");

export interface FindAttemptParams {
  run_id: string;
}

/** One run by its id. */
export const findAttempt = queries.maybe<FindAttemptParams, Attempt>("findAttempt");

export interface ListMetricsParams {
  run_id: string;
}

/** What a run reported. */
export const listMetrics = queries.many<ListMetricsParams, ReportedMetric>("listMetrics");

export interface ListRequestsParams {
  run_id: string;
  limit: number;
}

/** What sources answered to a run, in order. */
export const listRequests = queries.many<ListRequestsParams, KeptRequest>("listRequests");

export interface ListRejectedParams {
  run_id: string;
  limit: number;
}

/** The first rows of a run that were rejected. */
export const listRejected = queries.many<ListRejectedParams, KeptRejection>("listRejected");

export interface ListArtifactsParams {
  run_id: string;
}

/** The files that a run published and that no later run has replaced. */
export const listArtifacts = queries.many<ListArtifactsParams, KeptArtifact>("listArtifacts");

export interface ListNeighborsParams {
  output_id: number;
  limit: number;
}

/** What an output needs (`up`) and what needs it (`down`), with the status of each and how it came to run. */
export const listNeighbors = queries.many<ListNeighborsParams, Neighbor>("listNeighbors");

export interface ListPartitionsOfParams {
  namespace: string;
  processor: string;
  limit: number;
}

export interface ListPartitionsOfRow {
  partition: string;
}

/** Some partitions of a processor, the latest first. */
export const listPartitionsOf = queries.many<ListPartitionsOfParams, ListPartitionsOfRow>("listPartitionsOf");
