// Executes one claimed task: calls its handler under the hard timeout and the heartbeat, and reports how it ended.

import { z } from "zod";
import type { CompiledProcessor } from "../define/registry.ts";
import type { RunResult } from "../define/results.ts";
import { formatDuration } from "../domain/duration.ts";
import { HeadworksError } from "../domain/error.ts";
import type { Expectation } from "../domain/expectation.ts";
import type { RunReport } from "../domain/settle.ts";
import { findParent, findReadSet, listUpstream } from "../store/planning.ts";
import type { ClaimedTask } from "../store/tasks.ts";
import { cutText, storableText } from "../telemetry/storable.ts";
import { evaluateExpectation, sliceContext } from "./expectation.ts";
import type { FinishedRun, KeptError } from "./finished-run.ts";
import { newTraceparent } from "./ids.ts";
import type { RunJournal } from "./journal.ts";
import { keptError } from "./kept-error.ts";
import { createRunContext } from "./run-context.ts";
import { RunLimits } from "./run-limits.ts";
import { RunRecord } from "./run-record.ts";
import { runTarget } from "./run-target.ts";
import type { RunServices } from "./services.ts";
import type { RunTimeout } from "./timeouts.ts";
import { readSetOf } from "./upstream.ts";

const NOTE_BYTES = 4_096;

/** Longer than a command has between SIGTERM and SIGKILL, in milliseconds. */
const TARGET_GRACE_MS = 8_000;

/** A run in progress, as its worker sees it. */
export interface RunningTask {
  task: ClaimedTask;
  /** Lets the run go: it is aborted and reported as released. */
  release(): void;
  finished: Promise<FinishedRun>;
}

interface Ending {
  report: RunReport;
  expectation: Expectation;
  note: string | null;
  error: KeptError | null;
}

/** Starts a run. `finished` never rejects: whatever goes wrong is the run's error. */
export function startRun(
  services: RunServices,
  processor: CompiledProcessor,
  task: ClaimedTask,
): RunningTask {
  // A target is ended by force first: its task must not be claimed again while its command still works.
  const graceMs = typeof processor.run === "function" ? undefined : TARGET_GRACE_MS;
  const timeout = services.timeouts.of(processor);
  const limits = new RunLimits(timeout.ms, processor.heartbeatMs, graceMs);
  return {
    task,
    release: () => limits.end({ kind: "released", alone: task.alone }),
    finished: finish(services, processor, task, limits, timeout),
  };
}

async function finish(
  services: RunServices,
  processor: CompiledProcessor,
  task: ClaimedTask,
  limits: RunLimits,
  timeout: RunTimeout,
): Promise<FinishedRun> {
  const traceparent = newTraceparent(task.traceparent);
  const record = new RunRecord(services.database, task.run_id);
  // Most runs log and fetch nothing.
  let journal: RunJournal | undefined;
  const journalOfRun = () => {
    journal ??= openJournalOf(services, processor, task, traceparent);
    return journal;
  };

  async function call(): Promise<Ending> {
    if (task.rerun && !task.forced && (await isUnchanged(services, task)))
      return ended({ kind: "unchanged" });
    const { partitions } = processor;
    const parent =
      partitions.kind === "dynamic"
        ? await findParent(services.database, task.namespace, partitions.name, task.partition)
        : undefined;
    const slice = sliceContext(processor, task.partition, parent);
    const context = createRunContext({
      services,
      task,
      processor,
      slice,
      traceparent,
      record,
      journal: journalOfRun,
      limits,
    });
    const result =
      typeof processor.run === "function"
        ? await processor.run(context)
        : await runTarget(processor.run, {
            processor,
            task,
            traceparent,
            context,
            record,
            alive: () => limits.alive(),
          });
    // A promise that nobody needs costs as much as the rest of a run that does little.
    if (record.isBusy) await record.done();
    const ending = endingOf(result ?? undefined, record);
    if (ending.report.kind !== "returned" || processor.expect === undefined) return ending;
    return { ...ending, expectation: await evaluateExpectation(services, processor, task, slice) };
  }

  const ending = await limits.race(call().catch((error: unknown) => endingOfError(error, services.redact)));
  const settled =
    limits.cutShort === undefined && ending
      ? ending
      : { ...cutEnding(limits, ending?.error ?? null), note: cutNote(limits, processor, timeout, record) };
  await journal?.flush();
  return {
    task,
    processor,
    traceparent,
    ...settled,
    note: settled.note && cutText(storableText(services.redact(settled.note)), NOTE_BYTES),
    records: settled.report.kind === "returned" ? settled.report.records : record.rowCount,
    written: record.written,
    rejected: record.rejected,
    rejectedCount: record.rejectedCount,
    metrics: record.metrics,
    discovered: record.discovered,
    artifacts: record.artifacts,
    requests: record.requests,
    logsDropped: journal?.linesDropped() ?? 0,
    progress: record.progress,
    readSet: record.readBeyondNeeds ? null : record.readSet,
  };
}

function openJournalOf(
  services: RunServices,
  processor: CompiledProcessor,
  task: ClaimedTask,
  traceparent: string,
): RunJournal {
  const labels = {
    pipeline: processor.pipeline,
    phase: processor.phase,
    processor: processor.name,
    partition: task.partition,
    namespace: task.namespace,
    run: task.run_id,
    attempt: String(task.attempt),
  };
  return services.journal.forRun({ run: task.run_id, traceparent, labels });
}

function endingOf(result: RunResult, record: RunRecord): Ending {
  const counted = { rejected: record.rejectedCount, declaredEmpty: false };
  if (result === undefined) return ended({ kind: "returned", records: record.rowCount, ...counted });
  if ("records" in result) {
    const records = countOf(result.records);
    return ended({ kind: "returned", ...counted, records, declaredEmpty: records === 0 });
  }
  if (result.kind === "no_data") {
    const report = { kind: "returned", records: record.rowCount, ...counted, declaredEmpty: true } as const;
    return { ...ended(report), note: result.note };
  }
  const { note, waitsFor } = result;
  return {
    ...ended({ kind: "dependency_missing", reason: "declared", ...(waitsFor && { waitsFor }) }),
    note,
  };
}

function countOf(records: number): number {
  if (Number.isSafeInteger(records) && records >= 0) return records;
  throw new HeadworksError({
    code: "RESULT_INVALID",
    message: `the run says that it produced ${String(records)} records`,
    hint: "return { records } with a whole number, 0 or more",
  });
}

const INVALID_CODES = new Set(["RESPONSE_INVALID", "RESPONSE_NOT_JSON"]);

/** What isn't there for a while, through no fault of the run. */
const WAITS: ReadonlyMap<string, "quota_exhausted" | "breaker_open"> = new Map([
  ["QUOTA_EXHAUSTED", "quota_exhausted"],
  ["BREAKER_OPEN", "breaker_open"],
]);

/** What was thrown decides the report: bad data is not an error of the code, and an exhausted quota is neither. */
function endingOfError(error: unknown, redact: (text: string) => string): Ending {
  const kept = keptError(error, redact);
  const retryAfterMs = retryAfterOf(error);
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (error instanceof z.ZodError) return { ...ended({ kind: "invalid" }), error: kept };
  if (error instanceof HeadworksError) {
    if (INVALID_CODES.has(error.code)) return { ...ended({ kind: "invalid" }), error: kept };
    const reason = WAITS.get(error.code);
    if (reason !== undefined)
      return { ...ended({ kind: "dependency_missing", reason, ...retry }), error: kept };
  }
  return { ...ended({ kind: "threw", ...retry }), error: kept };
}

function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("retryAfterMs" in error)) return undefined;
  return typeof error.retryAfterMs === "number" ? error.retryAfterMs : undefined;
}

function ended(report: RunReport): Ending {
  return { report, expectation: { kind: "unknown" }, note: null, error: null };
}

/** A run that was ended from outside ends so whatever its handler said after; the handler's error is kept. */
function cutEnding(limits: RunLimits, error: KeptError | null): Ending {
  if (limits.cutShort === undefined) throw new Error("a handler was given up on that nobody had ended");
  return { ...ended(limits.cutShort), error };
}

/** Which limit ended it, and where it stood: "no progress for 30s, at 42 of 100". */
function cutNote(
  { cutShort }: RunLimits,
  processor: CompiledProcessor,
  timeout: RunTimeout,
  { progress }: RunRecord,
): string | null {
  if (cutShort?.kind !== "timed_out") return null;
  const limit =
    cutShort.reason === "hard"
      ? `no end after ${formatDuration(timeout.ms)}`
      : `no progress for ${formatDuration(processor.heartbeatMs ?? 0)}`;
  const stood = progress && `, at ${progress.done}${progress.total === null ? "" : ` of ${progress.total}`}`;
  const basis = cutShort.reason === "hard" && timeout.basis ? ` (${timeout.basis})` : "";
  return `${limit}${stood ?? ""}${basis}`;
}

/** Whether a run would read just what the last complete one read, by the same code. */
async function isUnchanged(services: RunServices, task: ClaimedTask): Promise<boolean> {
  const last = await findReadSet(services.database, task.output_id);
  if (last?.status !== "complete" || last.read_set === null) return false;
  return (
    last.read_set === readSetOf(services.codeVersion, await listUpstream(services.database, task.output_id))
  );
}
