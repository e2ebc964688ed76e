// The rows that a settlement writes, made from what was decided.

import type { OutputName } from "../../domain/settlement/expectation.ts";
import type { Settlement } from "../../domain/settlement/settle.ts";
import type { FastPathRow } from "../../store/ledger/fast-path.ts";
import type { ArtifactRow, RunRow, TaskMoveRow } from "../../store/ledger/settlement.queries.ts";
import type { SettledOutputRow } from "../../store/ledger/settlement.ts";
import type { SettledFile } from "../run/artifacts.ts";
import type { EndedRun, FinishedRun } from "../run/finished-run.ts";
import type { SettledRun, Settler } from "./settled-run.ts";

/** Whether a run succeeded and its history is nothing but counts, as of most runs. */
export function fitsFastPath({ run, settlement }: SettledRun): boolean {
  const { outcome, reason, usesAttempt } = settlement;
  const saidNothing = run.note === null && run.progress === null && run.error === null;
  const isPlain = outcome === "success" && reason === null && usesAttempt;
  return isPlain && saidNothing && run.logsDropped === 0 && run.rejectedCount === 0;
}

/** Whether there is nothing to write for a run but its history, its task and its row of the ledger. */
export function leftNothing(run: FinishedRun): boolean {
  const isBare = run.artifacts.length + run.metrics.length + run.rejectedCount + run.discovered.size === 0;
  // A processor that writes datasets takes away what it no longer writes.
  return isBare && run.processor.outputs.length === 0;
}

export function fastPathRow(settled: SettledRun): FastPathRow {
  const { run } = settled;
  return {
    ...countsOf(settled),
    task_id: run.task.id,
    output_id: run.task.output_id,
    attempt: run.task.attempt,
    traceparent: run.traceparent,
    read_set: run.readSet,
  };
}

/** What a row of the history is made of: a run whose processor is gone has one too. */
type Historic = Pick<SettledRun, "cause" | "counts"> & {
  run: EndedRun;
  settlement: Pick<Settlement, "outcome" | "reason" | "usesAttempt">;
};

export function runRow(settler: Pick<Settler, "worker" | "codeVersion">, settled: Historic): RunRow {
  const { run, settlement, cause } = settled;
  const { task } = run;
  return {
    ...countsOf(settled),
    id: task.run_id,
    task_id: task.id,
    output_id: task.output_id,
    namespace: task.namespace,
    processor: task.processor,
    partition: task.partition,
    attempt: task.attempt,
    attempt_used: settlement.usesAttempt,
    outcome: settlement.outcome,
    reason: settlement.reason,
    fingerprint: cause?.fingerprint ?? null,
    worker_id: settler.worker,
    code_version: settler.codeVersion,
    traceparent: run.traceparent,
    due_at: task.due_at,
    claimed_at: task.claimed_at,
    rows_rejected: run.rejectedCount,
    logs_dropped: run.logsDropped,
    note: run.note,
    progress: run.progress,
    error: run.error,
  };
}

function countsOf({ run, counts }: Pick<Historic, "run" | "counts">) {
  return {
    records: run.records,
    ...expectedRange(run),
    rows_inserted: counts.inserted,
    rows_updated: counts.updated,
    rows_unchanged: counts.unchanged,
    rows_removed: counts.removed,
    requests: run.requests,
    cpu_ms: run.usage?.cpuMs ?? null,
    peak_memory_bytes: run.usage?.peakMemoryBytes ?? null,
  };
}

/** The task's move; none for one that is deleted, as after each success, or another's now. */
export function moveRow({ run, settlement, cause }: SettledRun): TaskMoveRow[] {
  const { task } = settlement;
  if (cause === null || task.to === "deleted" || task.to === "untouched") return [];
  return [
    {
      task_id: run.task.id,
      state: task.to,
      delay_ms: "delayMs" in task ? task.delayMs : 0,
      uses_attempt: settlement.usesAttempt,
      died_alone: run.report.kind === "crashed" && run.report.alone,
      alone: task.to === "ready" && task.alone,
      waits_for_processor: task.to === "waiting" ? (task.waitsFor?.processor ?? null) : null,
      waits_for_partition: task.to === "waiting" ? (task.waitsFor?.partition ?? null) : null,
      outcome: settlement.outcome,
      reason: settlement.reason,
      error: cause.message,
      fingerprint: cause.fingerprint,
    },
  ];
}

/** The output that the task will wait for by name, if it will. */
export function waitedFor({ run, settlement: { task } }: SettledRun): (OutputName & { namespace: string })[] {
  if (task.to !== "waiting" || task.waitsFor === null) return [];
  return [{ namespace: run.task.namespace, ...task.waitsFor }];
}

/** The ledger row; none where the output stays as it was. */
export function outputRow({ run, settlement, cause, counts }: SettledRun): SettledOutputRow[] {
  if (settlement.output === "as_it_was") return [];
  const complete = settlement.output === "complete";
  return [
    {
      output_id: run.task.output_id,
      status: settlement.output,
      outcome: settlement.outcome,
      reason: settlement.reason,
      fingerprint: cause?.fingerprint ?? null,
      vouched_by: settlement.vouchedBy,
      records: run.records,
      ...expectedRange(run),
      run_id: run.task.run_id,
      changed: counts.inserted + counts.updated + counts.removed > 0,
      read_set: complete ? run.readSet : null,
    },
  ];
}

export function metricRows(runs: readonly SettledRun[]) {
  return runs.flatMap(({ run }) => run.metrics.map((metric) => ({ run_id: run.task.run_id, ...metric })));
}

export function rejectedRows(runs: readonly SettledRun[]) {
  return runs.flatMap(({ run }) =>
    run.rejected.map((rejected) => ({ run_id: run.task.run_id, ...rejected })),
  );
}

/** Files are settled with the rows: those of a run whose rows are discarded stay temporary, and are cleaned away. */
export function artifactRows(runs: readonly SettledRun[]): ArtifactRow[] {
  return runs.filter(publishesArtifacts).flatMap(({ run }) =>
    run.artifacts.map((artifact) => ({
      namespace: run.task.namespace,
      path: artifact.path,
      temporary_name: artifact.temporaryName,
      bytes: artifact.bytes,
      hash: artifact.hash,
      processor: run.task.processor,
      partition: run.task.partition,
      run_id: run.task.run_id,
    })),
  );
}

/** The files of these runs, which may have their names now that the runs are settled. */
export function settledFiles(runs: readonly SettledRun[]): SettledFile[] {
  return runs.filter(publishesArtifacts).flatMap(({ run }) =>
    run.artifacts.map(({ path, temporaryName }) => ({
      namespace: run.task.namespace,
      path,
      temporaryName,
    })),
  );
}

function publishesArtifacts({ settlement }: SettledRun): boolean {
  return settlement.rows === "merged" || settlement.outcome === "no_data_available";
}

function expectedRange(run: EndedRun): { expected_min: number | null; expected_max: number | null } {
  if (run.expectation.kind !== "known") return { expected_min: null, expected_max: null };
  return { expected_min: run.expectation.range.min, expected_max: run.expectation.range.max ?? null };
}
