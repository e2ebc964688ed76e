// The queries of overview.sql, with the types that their headers declare. Written by npm run queries.

import type { Criticality } from "../../domain/criticality.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { ProblemKind } from "../../domain/settlement/problem.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("overview.sql", import.meta.url));

export interface ProcessorCounts {
  pipeline: string;
  phase: string;
  phase_index: number;
  processor: string;
  criticality: Criticality;
  expected: number;
  complete: number;
  empty: number;
  degraded: number;
  failed: number;
  waived: number;
  running: number;
  waiting: number;
  queued: number;
  blocked: number;
  overdue: number;
  unvouched: number;
}

export interface Problem {
  pipeline: string;
  phase: string;
  processor: string;
  criticality: Criticality;
  kind: ProblemKind;
  outcome: Outcome | null;
  reason: string | null;
  fingerprint: string | null;
  outputs: number;
  overdue: number;
  unbounded: number;
  given_up: number;
  since: string;
  partition: string;
  message: string;
  records: number | null;
  expected_min: number | null;
  run_id: string | null;
  blocks: number;
}

export interface RunningRun {
  run_id: string;
  processor: string;
  partition: string;
  attempt: number;
  claimed_at: string;
}

export interface ServerFacts {
  version: string;
  major: number;
  fsync: string;
  synchronous_commit: string;
  full_page_writes: string;
  now: string;
}

export interface CountByProcessorParams {
  namespace: string;
}

/** Of each processor, what is expected by now, in the words of a person: running, waiting, queued, blocked are read from the task. */
export const countByProcessor = queries.many<CountByProcessorParams, ProcessorCounts>("countByProcessor");

export interface ListProblemsParams {
  namespace: string;
  limit: number;
}

/** What isn't as it should be, grouped by its cause, with an example and with how much waits for it; what waits for another problem is no cause. */
export const listProblems = queries.many<ListProblemsParams, Problem>("listProblems");

export interface ListRunningParams {
  limit: number;
  namespace: string;
}

/** What runs now in a namespace, the longest first. */
export const listRunning = queries.many<ListRunningParams, RunningRun>("listRunning");

export interface CountOpenTasksParams {
  namespace: string;
}

export interface CountOpenTasksRow {
  tasks: number;
}

/** The work that is left now: tasks that will run, of outputs whose time has come. */
export const countOpenTasks = queries.one<CountOpenTasksParams, CountOpenTasksRow>("countOpenTasks");

export interface CountEndedRunsParams {
  since_id: string;
  since: string;
  namespace: string;
}

export interface CountEndedRunsRow {
  runs: number;
}

/** The runs of a namespace claimed since an id that have ended since an instant. */
export const countEndedRuns = queries.one<CountEndedRunsParams, CountEndedRunsRow>("countEndedRuns");

export interface ListProcessorNamesParams {
  namespace: string;
}

export interface ListProcessorNamesRow {
  name: string;
}

/** The names of the processors that are registered in a namespace. */
export const listProcessorNames = queries.many<ListProcessorNamesParams, ListProcessorNamesRow>("listProcessorNames");

/** What a doctor wants to know of the database. */
export const readServer = queries.one<void, ServerFacts>("readServer");
