// Executes one claimed task: calls its handler under the hard timeout and the heartbeat, and reports how it ended.

import type { CompiledProcessor } from "../../define/registry.ts";
import { findReadSet, listUpstream } from "../../store/ledger/planning.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { cutText, storableText } from "../../telemetry/storable.ts";
import type { Permit } from "../breaker/shared-breaker.ts";
import { newTraceparent } from "../ids.ts";
import { createRunContext } from "./context.ts";
import { cutEnding, cutNote, type Ending, ended, endingOf, endingOfError } from "./ending.ts";
import { evaluateExpectation, sliceContext } from "./expectation.ts";
import type { FinishedRun } from "./finished-run.ts";
import type { RunJournal } from "./journal.ts";
import { RunLimits } from "./limits.ts";
import { failureOf, permitOf } from "./processor-breaker.ts";
import { RunRecord } from "./record.ts";
import type { RunServices } from "./services.ts";
import { asRun } from "./stray-errors.ts";
import { runTarget } from "./target.ts";
import type { RunTimeout } from "./timeouts.ts";
import { readSetOf } from "./upstream.ts";

const NOTE_BYTES = 4_096;

/** Longer than a command has between SIGTERM and SIGKILL, in milliseconds. */
const TARGET_GRACE_MS = 8_000;

/** A run in progress, as its worker sees it. */
export interface RunningTask {
  task: ClaimedTask;
  /** Ends the run: it is aborted and reported as abandoned. */
  abandon(): void;
  finished: Promise<FinishedRun>;
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
  limits.runId = task.run_id;
  return {
    task,
    abandon: () => limits.end({ kind: "abandoned", alone: task.alone }),
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
  const startedAt = performance.now();
  const solo = services.usage.begin();
  const traceparent = newTraceparent(task.traceparent);
  const record = new RunRecord(services.database, task.run_id, (ask) => limits.outlast(ask));
  // Most runs log and fetch nothing.
  let journal: RunJournal | undefined;
  const journalOfRun = () => {
    journal ??= openJournalOf(services, processor, task, traceparent);
    return journal;
  };

  let permit: Permit | undefined;

  async function call(): Promise<Ending> {
    if (task.rerun && !task.forced && (await limits.outlast(() => isUnchanged(services, task))))
      return ended({ kind: "unchanged" });
    if (processor.breaker !== undefined) permit = await permitOf(services, processor);
    const { partitions } = processor;
    const parent =
      partitions.kind === "dynamic"
        ? await limits.outlast(() =>
            services.parents.find({ namespace: task.namespace, set: partitions.name, key: task.partition }),
          )
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
    const { run } = processor;
    const result =
      typeof run === "function"
        ? await asRun(limits, run, context)
        : await runTarget(run, {
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
    return {
      ...ending,
      expectation: await evaluateExpectation({ services, processor, task, slice, limits }),
    };
  }

  function settledEnding(own: Ending | undefined): Ending {
    if (limits.cutShort !== undefined)
      return { ...cutEnding(limits, own?.error ?? null), note: cutNote(limits, processor, timeout, record) };
    if (limits.failure !== undefined) return endingOfError(limits.failure.error, services.redact);
    if (own === undefined) throw new Error("a handler was given up on that nobody had ended");
    return own;
  }

  const ending = await limits.race(call().catch((error: unknown) => endingOfError(error, services.redact)));
  const settled = settledEnding(ending);
  const ownUsage = services.usage.end(solo);
  await permit?.report(failureOf(settled));
  await journal?.flush();
  return {
    task,
    processor,
    traceparent,
    ...settled,
    tookMs: performance.now() - startedAt,
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
    // A command is a process of its own; what an endpoint uses nobody here can see.
    usage: typeof processor.run === "function" ? ownUsage : record.usage,
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

/** Whether a run would read just what the last complete one read, by the same code. */
async function isUnchanged(services: RunServices, task: ClaimedTask): Promise<boolean> {
  const last = await findReadSet(services.database, task.output_id);
  if (last?.status !== "complete" || last.read_set === null) return false;
  return (
    last.read_set === readSetOf(services.codeVersion, await listUpstream(services.database, task.output_id))
  );
}
