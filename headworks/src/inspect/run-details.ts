// Gathers all details of an output and one of its runs: what it needed, what it did, what came of it.

import type { InputOf } from "../contract/operation.ts";
import type * as contract from "../contract/runs.ts";
import type { Attempt, RunDetails } from "../contract/runs.ts";
import { HeadworksError } from "../domain/error.ts";
import { findTraceContext } from "../domain/trace.ts";
import type { Executor } from "../store/database.ts";
import { searchLogs } from "../store/history/logs.ts";
import type { Neighbor } from "../store/history/runs.queries.ts";
import {
  findAttempt,
  findOutputDetail,
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
import { requireProcessor } from "./processors.ts";
import { findRun, unknownRun } from "./runs.ts";

/** How many of each are listed; whoever wants more asks the list itself. */
const READ = { attempts: 50, neighbors: 50, requests: 200, rejected: 10, lines: 20 } as const;
const NOTHING_DONE = {
  ...{ metrics: [], artifacts: [] },
  ...{ requests: [], requests_cut: false, rejected: [], rejected_cut: false, logs: [], logs_cut: false },
} as const satisfies Partial<RunDetails>;

/** By a run's id, its beginning, or a processor and (unless it has one only) a partition. Throws RUN_UNKNOWN, RUN_AMBIGUOUS, UNKNOWN_…. */
export async function showRun(
  executor: Executor,
  namespace: string,
  { named, partition }: InputOf<typeof contract.showRun>,
): Promise<RunDetails> {
  const run = partition === undefined ? await findRun(executor, named) : undefined;
  if (run !== undefined) return detailsOf(executor, run.output_id, run.id);
  if (/^[0-9a-f]{8}-/.test(named)) throw unknownRun(named);
  return detailsOf(executor, await findOutputId(executor, namespace, named, partition), undefined);
}

/** The details of one output, of this run or of the latest. */
export async function detailsOf(
  executor: Executor,
  outputId: number,
  runId: string | undefined,
): Promise<RunDetails> {
  const output = await findOutputDetail(executor, outputId);
  if (output === undefined) throw new Error(`the output ${outputId} is not in the ledger`);
  const attempts = await listAttempts(executor, outputId, READ.attempts + 1);
  const run = (runId === undefined ? attempts[0] : await attemptOf(executor, attempts, runId)) ?? null;
  const payload = await findPayload(executor, outputId);
  return {
    output,
    run,
    payload: payload === undefined ? null : (JSON.parse(payload) as unknown),
    ...(await workOf(executor, run)),
    ...sidesOf(await listNeighbors(executor, outputId, READ.neighbors + 1), run),
    attempts: attempts.slice(0, READ.attempts),
    attempts_cut: attempts.length > READ.attempts,
  };
}

/** One of the latest, or an older one. */
async function attemptOf(executor: Executor, attempts: readonly Attempt[], runId: string) {
  return attempts.find((attempt) => attempt.id === runId) ?? (await findAttempt(executor, runId));
}

/** What a run did. */
async function workOf(executor: Executor, run: Attempt | null) {
  if (run === null) return NOTHING_DONE;
  const requests = await listRequests(executor, run.id, READ.requests + 1);
  const rejected = await listRejected(executor, run.id, READ.rejected + 1);
  const logs = await searchLogs(executor, { run: run.id, limit: READ.lines });
  return {
    metrics: await listMetrics(executor, run.id),
    requests: requests.slice(0, READ.requests),
    requests_cut: requests.length > READ.requests,
    rejected: rejected.slice(0, READ.rejected),
    rejected_cut: rejected.length > READ.rejected,
    artifacts: await listArtifacts(executor, run.id),
    logs: logs.lines,
    logs_cut: logs.cursor !== null,
  };
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
  const [needs, neededBy] = [side("up"), side("down")];
  return {
    needs: needs.slice(0, READ.neighbors),
    needs_cut: needs.length > READ.neighbors,
    needed_by: neededBy.slice(0, READ.neighbors),
    needed_by_cut: neededBy.length > READ.neighbors,
  };
}

function traceOf(traceparent: string | null): string | undefined {
  return traceparent === null ? undefined : findTraceContext(traceparent)?.traceId;
}

async function findOutputId(
  executor: Executor,
  namespace: string,
  processor: string,
  partition: string | undefined,
): Promise<number> {
  await requireProcessor(executor, namespace, processor);
  const known = await listPartitionsOf(executor, namespace, processor, 6);
  const wanted = partition ?? (known.length === 1 ? known[0] : undefined);
  const found = wanted === undefined ? undefined : await findOutput(executor, namespace, processor, wanted);
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
