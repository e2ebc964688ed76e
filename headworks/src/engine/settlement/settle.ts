// Settles finished runs: outcome, rows, metrics, ledger, follow-ups in one transaction, fenced by (task, worker, attempt).

import type { Registry } from "../../define/registry.ts";
import { stretched } from "../../domain/dispatch/retry-storm.ts";
import { settle } from "../../domain/settlement/settle.ts";
import { type Connection, type Database, transaction } from "../../store/database.ts";
import { type MergeCounts, mergeRows } from "../../store/dataset/merge.ts";
import { settleOnFastPath } from "../../store/ledger/fast-path.ts";
import { lockOutputs } from "../../store/ledger/release.ts";
import {
  deleteStagedRows,
  deleteTasks,
  insertMetrics,
  insertRejectedRows,
  insertRuns,
  lockClaims,
  moveTasks,
  recordFailures,
  settleArtifacts,
  settleOutputs,
} from "../../store/ledger/settlement.ts";
import { endedAt, type FinishedRun } from "../run/finished-run.ts";
import { causeOf } from "./cause.ts";
import { settleDiscoveries } from "./discovery.ts";
import { releaseSettled } from "./release.ts";
import {
  artifactRows,
  fastPathRow,
  fitsFastPath,
  leftNothing,
  metricRows,
  moveRow,
  outputRow,
  rejectedRows,
  runRow,
  waitedFor,
} from "./rows.ts";
import { NO_ROWS, type SettledGroup, type SettledRun, type Settler } from "./settled-run.ts";

/** Settles a group of runs of one worker. All commit together or none does; a run whose claim no longer holds settles nothing. */
export async function settleGroup(
  database: Database,
  settler: Settler,
  runs: readonly FinishedRun[],
): Promise<SettledGroup> {
  return transaction(database, async (connection) => {
    const hoped = runs.every(leftNothing) ? runs.map((run) => decide(settler, run, true)) : [];
    if (hoped.length > 0 && hoped.every(fitsFastPath)) return settleAllOnFastPath(connection, settler, hoped);
    const claims = runs.map(({ task }) => ({ id: task.id, attempt: task.attempt }));
    const held = await lockClaims(connection, claims, settler.worker);
    return settleLocked(
      connection,
      settler,
      runs.map((run) => decide(settler, run, held.has(run.task.id))),
    );
  });
}

/** Settles runs whose fence need not come first, since they leave nothing that would have to be written under it. */
async function settleAllOnFastPath(
  connection: Connection,
  settler: Settler,
  hoped: readonly SettledRun[],
): Promise<SettledGroup> {
  const ledger = await settleOnFastPath(connection, settler, hoped.map(fastPathRow));
  const written = new Set(ledger.map((row) => row.id));
  const isHeld = ({ run }: SettledRun) => written.has(run.task.output_id);
  const runs = hoped.map((each) => (isHeld(each) ? each : decide(settler, each.run, false)));
  const lost = runs.filter((each) => !isHeld(each));
  await insertRuns(
    connection,
    lost.map((each) => runRow(settler, each)),
  );
  const released = await releaseSettled(connection, hoped.filter(isHeld), ledger, {
    candidates: [],
    waived: [],
  });
  return { runs, released };
}

/** Writes decided settlements in the caller's transaction, which has locked their tasks. */
export async function settleLocked(
  connection: Connection,
  settler: Settler,
  decided: readonly SettledRun[],
): Promise<SettledGroup> {
  const settled = await mergeGroup(connection, settler.registry, decided);
  const held = settled.filter(({ settlement }) => settlement.reason !== "lease_lost");
  const others = held.filter((each) => !fitsFastPath(each));
  await insertRuns(
    connection,
    settled.filter((each) => !fitsFastPath(each)).map((each) => runRow(settler, each)),
  );
  await insertMetrics(connection, metricRows(held));
  await insertRejectedRows(connection, rejectedRows(held));
  const outputs = held.flatMap(outputRow);
  await lockOutputs(
    connection,
    outputs.map((row) => row.output_id),
    outputs.filter((row) => row.status !== "expected").map((row) => row.output_id),
    held.flatMap(waitedFor),
  );
  const fast = await settleOnFastPath(connection, settler, held.filter(fitsFastPath).map(fastPathRow));
  await deleteTasks(
    connection,
    others.filter(({ settlement }) => settlement.task.to === "deleted").map(({ run }) => run.task.id),
  );
  const moves = others.flatMap(moveRow);
  const ready = await moveTasks(connection, moves);
  const ledger = [...fast, ...(await settleOutputs(connection, others.flatMap(outputRow)))];
  await settleArtifacts(connection, artifactRows(held));
  const staged = settled.filter(({ run }) => [...run.written.values()].some((written) => written.staged > 0));
  await deleteStagedRows(
    connection,
    staged.map(({ run }) => run.task.run_id),
  );
  const discovered = await settleDiscoveries(connection, settler, held);
  const released = await releaseSettled(connection, held, ledger, discovered);
  // Last: groups that fail alike meet at one row, and hold each other up no longer than they must.
  await recordFailures(
    connection,
    settler.namespace,
    moves.filter(({ state }) => state === "failed").map(({ fingerprint }) => fingerprint),
    settler.codeVersion,
  );
  return { runs: settled, released: released + ready };
}

function decide(settler: Settler, run: FinishedRun, held: boolean): SettledRun {
  const { task, processor, expectation } = run;
  const report = held ? run.report : ({ kind: "lease_lost" } as const);
  const history = {
    attemptsUsed: task.attempts_used,
    deathsAlone: task.deaths_alone,
    retriedForMs: retriedForMs(task),
    waitingSince: task.waiting_since === null ? null : Date.parse(task.waiting_since),
  };
  const policy = {
    maxAttempts: processor.queue.maxAttempts,
    maxRetryDurationMs: processor.queue.maxRetryDurationMs,
    backoff: settler.isStorm?.(processor.name) ? stretched(processor.queue.backoff) : processor.queue.backoff,
    recheckEveryMs: processor.recheckEveryMs,
    giveUpAfterMs: processor.giveUpAfterMs,
    maxRejectedShare: processor.maxRejectedShare,
    countsRecords: processor.outputs.length > 0 || (report.kind === "returned" && report.declaredEmpty),
  };
  const settlement = settle(report, expectation, history, policy, endedAt(run), settler.random);
  return { run, settlement, cause: causeOf(run, settlement), counts: NO_ROWS };
}

/** Both instants are the database's, so that a worker's clock doesn't matter. */
function retriedForMs({ first_claimed_at, claimed_at }: FinishedRun["task"]): number {
  return first_claimed_at === null ? 0 : Date.parse(claimed_at) - Date.parse(first_claimed_at);
}

/** The settlement of a run whose claim the caller has locked. */
export function decideHeld(settler: Settler, run: FinishedRun): SettledRun {
  return decide(settler, run, true);
}

/** Merges the rows of the whole group, one statement per dataset. */
async function mergeGroup(
  connection: Connection,
  registry: Registry,
  decided: readonly SettledRun[],
): Promise<SettledRun[]> {
  const merged = decided.filter(
    ({ run, settlement }) => settlement.rows === "merged" && run.processor.outputs.length > 0,
  );
  if (merged.length === 0) return [...decided];
  const totals = new Map<string, MergeCounts>();
  for (const dataset of registry.datasets.values()) {
    const writers = merged.filter(({ run }) => run.processor.outputs.includes(dataset));
    for (const [namespace, runs] of Map.groupBy(writers, ({ run }) => run.task.namespace)) {
      const scopes = runs.map(({ run }) => ({
        run: run.task.run_id,
        processor: run.task.processor,
        partition: run.task.partition,
        ...(run.written.get(dataset.name) ?? { rows: [], staged: 0 }),
      }));
      for (const [id, counts] of await mergeRows(connection, namespace, dataset, scopes)) {
        totals.set(id, sum(totals.get(id) ?? NO_ROWS, counts));
      }
    }
  }
  return decided.map((each) => ({ ...each, counts: totals.get(each.run.task.run_id) ?? NO_ROWS }));
}

function sum(a: MergeCounts, b: MergeCounts): MergeCounts {
  return {
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    removed: a.removed + b.removed,
  };
}
