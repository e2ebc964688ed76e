// Gathers all details of an output and one of its runs: what it needed, what it did, what came of it.

import { HeadworksError } from "../domain/error.ts";
import { requireKnown } from "../domain/known-name.ts";
import { PROD } from "../domain/namespace.ts";
import { findTraceContext } from "../domain/trace.ts";
import type { Executor } from "../store/database.ts";
import { type FoundLine, searchLogs } from "../store/history/logs.ts";
import { listProcessorNames } from "../store/history/overview.ts";
import type {
  Attempt,
  KeptArtifact,
  KeptRejection,
  KeptRequest,
  Neighbor,
  OutputDetail,
  ReportedMetric,
} from "../store/history/rows.ts";
import {
  findOutputDetail,
  findRuns,
  listArtifacts,
  listAttempts,
  listMetrics,
  listNeighbors,
  listPartitionsOf,
  listRejected,
  listRequests,
} from "../store/history/runs.ts";
import { findOutput } from "../store/ledger/planning.ts";
import { findPayload } from "../store/queue/payloads.ts";

/** A neighbor, and whether the run released it (`down`), or was released by it (`up`). */
export interface RunNeighbor extends Omit<Neighbor, "direction" | "run_traceparent" | "task_traceparent"> {
  same_trace: boolean;
}

export interface RunDetails {
  output: OutputDetail;
  /** The run that is told of; null when there is none yet. */
  run: Attempt | null;
  /** What was handed over for it; null when nothing was. */
  payload: unknown;
  metrics: ReportedMetric[];
  requests: KeptRequest[];
  rejected: KeptRejection[];
  artifacts: KeptArtifact[];
  /** The last lines, the newest last. */
  logs: FoundLine[];
  needs: RunNeighbor[];
  needed_by: RunNeighbor[];
  /** Every run of the output, this one too, the last first. */
  attempts: Attempt[];
}

const ATTEMPTS_READ = 50;
const NEIGHBORS_READ = 50;
const REQUESTS_READ = 200;
const REJECTED_READ = 10;
const LINES_READ = 20;

/** By a run's id, its beginning, or a processor and (unless it has one only) a partition. Throws RUN_UNKNOWN, RUN_AMBIGUOUS, UNKNOWN_…. */
export async function readRunDetails(
  executor: Executor,
  named: string,
  partition: string | undefined,
): Promise<RunDetails> {
  const runs = partition === undefined ? await findRuns(executor, named, 5) : [];
  if (runs.length > 1) throw ambiguous(named, runs);
  const [run] = runs;
  if (run !== undefined) return detailsOf(executor, run.output_id, run.id);
  if (/^[0-9a-f]{8}-/.test(named)) throw unknownRun(named);
  return detailsOf(executor, await findOutputId(executor, named, partition), undefined);
}

/** The details of one output, of this run or of the latest. */
export async function detailsOf(
  executor: Executor,
  outputId: number,
  runId: string | undefined,
): Promise<RunDetails> {
  const output = await findOutputDetail(executor, outputId);
  if (output === undefined) throw new Error(`the output ${outputId} is not in the ledger`);
  const attempts = await listAttempts(executor, outputId, ATTEMPTS_READ);
  const run = attempts.find((attempt) => attempt.id === runId) ?? attempts[0] ?? null;
  const neighbors = await listNeighbors(executor, outputId, NEIGHBORS_READ);
  const payload = await findPayload(executor, outputId);
  const told = {
    output,
    run,
    attempts,
    payload: payload === undefined ? null : (JSON.parse(payload) as unknown),
    ...sidesOf(neighbors, run),
  };
  if (run === null) return { ...told, metrics: [], requests: [], rejected: [], artifacts: [], logs: [] };
  return {
    ...told,
    metrics: await listMetrics(executor, run.id),
    requests: await listRequests(executor, run.id, REQUESTS_READ),
    rejected: await listRejected(executor, run.id, REJECTED_READ),
    artifacts: await listArtifacts(executor, run.id),
    logs: (await searchLogs(executor, { run: run.id, limit: LINES_READ })).lines,
  };
}

/** Enough of an id to find the run again: the time in milliseconds and the first random digits. */
export function shortRunId(id: string): string {
  return id.slice(0, 18);
}

function sidesOf(neighbors: readonly Neighbor[], run: Attempt | null) {
  const trace = traceOf(run?.traceparent ?? null);
  const side = (direction: "up" | "down") =>
    neighbors
      .filter((neighbor) => neighbor.direction === direction)
      .map(({ direction: _direction, run_traceparent, task_traceparent, ...neighbor }) => {
        const other = traceOf(direction === "up" ? run_traceparent : task_traceparent);
        return { ...neighbor, same_trace: trace !== undefined && trace === other };
      });
  return { needs: side("up"), needed_by: side("down") };
}

function traceOf(traceparent: string | null): string | undefined {
  return traceparent === null ? undefined : findTraceContext(traceparent)?.traceId;
}

async function findOutputId(
  executor: Executor,
  named: string,
  partition: string | undefined,
): Promise<number> {
  const processor = requireKnown("processor", named, await listProcessorNames(executor, PROD));
  const known = await listPartitionsOf(executor, PROD, processor, 6);
  const wanted = partition ?? (known.length === 1 ? known[0] : undefined);
  const found = wanted === undefined ? undefined : await findOutput(executor, PROD, processor, wanted);
  if (found !== undefined) return found.id;
  throw new HeadworksError({
    code: partition === undefined ? "PARTITION_NEEDED" : "UNKNOWN_PARTITION",
    message:
      partition === undefined
        ? `${processor} has more than one partition`
        : `the ledger has no output ${processor}[${partition}]`,
    hint:
      known.length === 0
        ? "none is expected yet"
        : `name one of them: ${known.join(", ")}${known.length > 5 ? ", …" : ""}`,
  });
}

function ambiguous(
  named: string,
  runs: readonly { id: string; processor: string; partition: string }[],
): HeadworksError {
  const lines = runs.map((run) => `  ${run.id}  ${run.processor}[${run.partition}]`);
  return new HeadworksError({
    code: "RUN_AMBIGUOUS",
    message: `several runs begin with ${named}:\n${lines.join("\n")}`,
    hint: "give more of the id",
  });
}

function unknownRun(named: string): HeadworksError {
  return new HeadworksError({
    code: "RUN_UNKNOWN",
    message: `there is no run ${named}`,
    hint: "`headworks runs list` shows their ids; the first 18 characters are enough",
  });
}
