// Settles finished runs: outcome, rows, metrics, ledger, follow-ups in one transaction, fenced by (task, worker, attempt).

import { Temporal } from "temporal-polyfill";
import type { Registry } from "../define/registry.ts";
import { type Settlement, settle } from "../domain/settle.ts";
import { type Connection, type Database, transaction } from "../store/database.ts";
import { type MergeCounts, mergeRows } from "../store/dataset-merge.ts";
import { insertDiscoveredEdges, replacePartitions } from "../store/planning.ts";
import {
  deleteStagedRows,
  deleteTasks,
  insertMetrics,
  insertRejectedRows,
  insertRuns,
  lockClaims,
  moveTasks,
  releaseDownstream,
  reopenHealed,
  settleArtifacts,
  settleOutputs,
} from "../store/settlement.ts";
import type { FinishedRun } from "./finished-run.ts";
import { memberNeeds, type Slice } from "./plan.ts";
import { planSlices } from "./planner.ts";
import { artifactRows, metricRows, moveRow, outputRow, rejectedRows, runRow } from "./settlement-rows.ts";

/** Who settles, and by which decisions. */
export interface Settler {
  registry: Registry;
  /** The worker that holds the claims. */
  worker: string;
  codeVersion: string;
  now: () => number;
  random: () => number;
}

/** A run with what was decided of it, and what its rows came to. */
export interface SettledRun {
  run: FinishedRun;
  settlement: Settlement;
  counts: MergeCounts;
}

export interface SettledGroup {
  runs: SettledRun[];
  /** Tasks that became ready by it. */
  released: number;
}

export const NO_ROWS: MergeCounts = { inserted: 0, updated: 0, unchanged: 0, removed: 0 };

/** Settles a group of runs of one worker. All commit together or none does; a run whose claim no longer holds settles nothing. */
export async function settleGroup(
  database: Database,
  settler: Settler,
  runs: readonly FinishedRun[],
): Promise<SettledGroup> {
  return transaction(database, async (connection) => {
    const claims = runs.map(({ task }) => ({ id: task.id, attempt: task.attempt }));
    const held = await lockClaims(connection, claims, settler.worker);
    return settleLocked(
      connection,
      settler,
      runs.map((run) => decide(settler, run, held.has(run.task.id))),
    );
  });
}

/** Writes decided settlements in the caller's transaction, which has locked their tasks. */
export async function settleLocked(
  connection: Connection,
  settler: Settler,
  decided: readonly SettledRun[],
): Promise<SettledGroup> {
  const settled = await mergeGroup(connection, settler.registry, decided);
  const held = settled.filter(({ settlement }) => settlement.reason !== "lease_lost");
  await insertRuns(
    connection,
    settled.map((each) => runRow(settler, each)),
  );
  await insertMetrics(connection, metricRows(held));
  await insertRejectedRows(connection, rejectedRows(held));
  await deleteTasks(
    connection,
    held.filter(({ settlement }) => settlement.task.to === "deleted").map(({ run }) => run.task.id),
  );
  await moveTasks(connection, held.flatMap(moveRow));
  const ledger = await settleOutputs(connection, held.flatMap(outputRow));
  await settleArtifacts(connection, artifactRows(held));
  const staged = settled.filter(({ run }) => [...run.written.values()].some((written) => written.staged > 0));
  await deleteStagedRows(
    connection,
    staged.map(({ run }) => run.task.run_id),
  );
  const discovered = await settleDiscoveries(connection, settler, held);
  await reopenHealed(
    connection,
    ledger.filter(hasHealed).map((row) => row.id),
  );
  const released = await release(connection, held, ledger, discovered);
  return { runs: settled, released };
}

function decide(settler: Settler, run: FinishedRun, held: boolean): SettledRun {
  const { task, processor, expectation } = run;
  const report = held ? run.report : ({ kind: "lease_lost" } as const);
  const history = {
    attemptsUsed: task.attempts_used,
    deathsAlone: task.deaths_alone,
    waitingSince: task.waiting_since === null ? null : Date.parse(task.waiting_since),
  };
  const policy = {
    maxAttempts: processor.queue.maxAttempts,
    backoff: processor.queue.backoff,
    recheckEveryMs: processor.recheckEveryMs,
    giveUpAfterMs: processor.giveUpAfterMs,
    maxRejectedShare: processor.maxRejectedShare,
    countsRecords: processor.outputs.length > 0 || (report.kind === "returned" && report.declaredEmpty),
  };
  const settlement = settle(report, expectation, history, policy, settler.now(), settler.random);
  return { run, settlement, counts: NO_ROWS };
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

/** Puts discovered partitions into the ledger; gives the new outputs, and those waived because theirs is gone. */
async function settleDiscoveries(connection: Connection, settler: Settler, held: readonly SettledRun[]) {
  const discovering = held.filter(
    ({ run, settlement }) => run.discovered.size > 0 && settlement.rows === "merged",
  );
  const waived: number[] = [];
  const created: number[] = [];
  for (const [namespace, runs] of Map.groupBy(discovering, ({ run }) => run.task.namespace)) {
    const slices: Slice[] = [];
    for (const { run } of runs) {
      for (const [set, partitions] of run.discovered) {
        const keys = partitions.map((each) => each.key);
        const parents = partitions.map((each) => each.parent);
        const discovery = { namespace, set, outputId: run.task.output_id, keys, parents };
        waived.push(...(await replacePartitions(connection, discovery)));
        slices.push(...slicesIn(settler.registry, set, partitions));
      }
    }
    const now = Temporal.Instant.fromEpochMilliseconds(settler.now());
    created.push(...(await planSlices(connection, settler.registry, namespace, slices, now)));
    const discoverers = runs.map(({ run }) => run.task.output_id);
    await insertDiscoveredEdges(connection, discoverers, memberNeeds(settler.registry));
  }
  return { created, waived };
}

function slicesIn(
  registry: Registry,
  set: string,
  partitions: readonly { key: string; parent: string }[],
): Slice[] {
  const processors = [...registry.processors.values()].filter(
    (processor) => processor.partitions.kind === "dynamic" && processor.partitions.name === set,
  );
  return processors.flatMap((processor) =>
    partitions.map((each) => ({ processor: processor.name, ...each })),
  );
}

async function release(
  connection: Connection,
  held: readonly SettledRun[],
  ledger: readonly { id: number; status: string }[],
  discovered: { created: number[]; waived: number[] },
): Promise<number> {
  const traceparents = new Map(held.map(({ run }) => [run.task.output_id, run.traceparent]));
  const settled = ledger
    .filter((row) => row.status !== "expected")
    .map((row) => ({ id: row.id, traceparent: traceparents.get(row.id) ?? null }));
  const waived = discovered.waived.map((id) => ({ id, traceparent: null }));
  if (settled.length + waived.length + discovered.created.length === 0) return 0;
  return releaseDownstream(connection, [...settled, ...waived], discovered.created);
}

/** Whether an output that others made do without, or with part of, is whole now. */
function hasHealed(row: { status_before: string; status: string }): boolean {
  const wasShort = row.status_before === "degraded" || row.status_before === "failed";
  return wasShort && (row.status === "complete" || row.status === "empty");
}

function sum(a: MergeCounts, b: MergeCounts): MergeCounts {
  return {
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    removed: a.removed + b.removed,
  };
}
