// Writes rows of the ledger as tests need them, without an engine.

import { fingerprintOf } from "../../domain/settlement/fingerprint.ts";
import type { Database } from "../database.ts";

export interface LedgerOutput {
  processor: string;
  partition: string;
  status?: string;
  outcome?: string;
  reason?: string;
  vouchedBy?: string;
  records?: number;
  expectedMin?: number;
  /** SQL for an instant; default an hour ago. */
  opensAt?: string;
  /** SQL for an instant. */
  expectedBy?: string;
  task?: { state: string; outcome?: string; reason?: string; error?: string; dueAt?: string };
  needs?: readonly { id: number; mode?: string }[];
}

export interface LedgerRun {
  id: string;
  outputId: number;
  processor: string;
  partition: string;
  outcome: string;
  reason?: string;
  traceparent?: string;
  /** SQL for an instant; default now. */
  claimedAt?: string;
}

const WORKER = "00000000-0000-7000-8000-000000000001";

/** Registers processors in the pipeline `league`, each in the phase of its own position. */
export async function writeProcessors(
  database: Database,
  ...named: readonly { name: string; phase: string; criticality?: string }[]
): Promise<void> {
  const phases = [...new Set(named.map((each) => each.phase))];
  for (const [position, { name, phase, criticality = "normal" }] of named.entries()) {
    await database.query(
      `insert into headworks.processors (namespace, name, pipeline, phase, phase_index, position, criticality, priority, queue, definition)
       values ('prod', $1, 'league', $2, $3, $4, $5, $6, 'default', '{}')`,
      [name, phase, phases.indexOf(phase), position, criticality, criticality === "critical" ? 0 : 2],
    );
  }
  await database.query("insert into headworks.queues (name) values ('default') on conflict do nothing");
}

/** Writes an output, its task and its edges; gives its id. */
export async function writeOutput(database: Database, output: LedgerOutput): Promise<number> {
  const { processor, partition, status = "expected" } = output;
  const settledAt = status === "expected" ? "null" : "now() - interval '10 minutes'";
  const { rows } = await database.query<{ id: number }>(
    `insert into headworks.outputs (namespace, processor, partition, status, outcome, reason, vouched_by, records, expected_min,
       fingerprint, opens_at, expected_by, settled_at)
     values ('prod', $1, $2, $3, $4, $5, $6, $7, $8, $9, ${output.opensAt ?? "now() - interval '1 hour'"},
       ${output.expectedBy ?? "null"}, ${settledAt})
     returning id`,
    [
      processor,
      partition,
      status,
      output.outcome ?? null,
      output.reason ?? null,
      output.vouchedBy ?? (status === "empty" ? "expectation" : null),
      output.records ?? null,
      output.expectedMin ?? null,
      fingerprintFor(output, output),
    ],
  );
  const id = rows[0]?.id ?? 0;
  if (output.task !== undefined) await writeTask(database, id, output, output.task);
  for (const [need, upstream] of (output.needs ?? []).entries()) {
    await database.query(
      `insert into headworks.edges (downstream_id, need, upstream_id, mode, accepts_degraded, any_of)
       values ($1, $2, $3, $4, false, false)`,
      [id, need, upstream.id, upstream.mode ?? "required"],
    );
  }
  return id;
}

/** Writes an ended run that took 1.5 seconds. */
export async function writeRun(database: Database, run: LedgerRun): Promise<void> {
  await database.query(
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
       reason, fingerprint, worker_id, code_version, traceparent, due_at, claimed_at, ended_at)
     select $1, 1, $2, 'prod', $3, $4, 1, true, $5, $6, $7, $8, 'test', $9, at, at, at + interval '1.5 seconds'
     from (select ${run.claimedAt ?? "now()"} as at) as times`,
    [
      run.id,
      run.outputId,
      run.processor,
      run.partition,
      run.outcome,
      run.reason ?? null,
      fingerprintFor(run, run),
      WORKER,
      run.traceparent ?? null,
    ],
  );
}

async function writeTask(
  database: Database,
  outputId: number,
  { processor, partition }: LedgerOutput,
  task: NonNullable<LedgerOutput["task"]>,
): Promise<void> {
  const running = task.state === "running";
  await database.query(
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, due_at, waiting_since,
       worker_id, run_id, claimed_at, last_outcome, last_reason, last_error, fingerprint)
     values ($1, 'prod', $2, $3, 'default', 0, $4, ${task.dueAt ?? "now()"}, case when $4 = 'waiting' then now() end,
       $5, $6, case when $4 = 'running' then now() end, $7, $8, $9, $10)`,
    [
      outputId,
      processor,
      partition,
      task.state,
      running ? WORKER : null,
      running ? `00000000-0000-7000-8000-${String(outputId).padStart(12, "0")}` : null,
      task.outcome ?? null,
      task.reason ?? null,
      task.error ?? null,
      fingerprintFor(task, { processor, partition }),
    ],
  );
}

/** The fingerprint that a settlement would give an ending; the text of an error stands for all of it. */
function fingerprintFor(
  ended: { outcome?: string; reason?: string; error?: string },
  { processor, partition }: { processor: string; partition: string },
): string | null {
  const { outcome, reason = null, error: note = null } = ended;
  if (outcome === undefined || outcome === "success") return null;
  return fingerprintOf({ outcome, reason, processor, partition, waitsFor: null, error: null, note });
}
