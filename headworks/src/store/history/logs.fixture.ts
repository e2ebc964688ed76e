// Rows that logs are joined with, for tests: runs that ended, runs in progress, and lines of either.

import { randomUUID } from "node:crypto";
import type { Database } from "../database.ts";
import { insertLogLines, type LineOfRun } from "./logs.ts";

interface RunRow {
  processor?: string;
  partition?: string;
  outcome?: string;
}

/** A run in the history. Gives its id. */
export async function addEndedRun(database: Database, row: RunRow = {}): Promise<string> {
  const run = randomUUID();
  await database.query(
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
       fingerprint, worker_id, code_version, due_at, claimed_at, ended_at)
     values ($1, 1, 1, 'prod', $2, $3, 1, true, $4, case when $4 <> 'success' then 'feedfeedfeedfeed' end, gen_random_uuid(), 'v1',
       now(), now(), now())`,
    [run, row.processor ?? "games", row.partition ?? "2026-01-14", row.outcome ?? "success"],
  );
  return run;
}

/** A run that a task holds. Gives its id. */
export async function addRunningRun(database: Database, row: RunRow = {}): Promise<string> {
  const run = randomUUID();
  await database.query(
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, attempt, worker_id, run_id,
       claimed_at)
     values ((random() * 1e9)::int8, 'prod', $2, $3, 'default', 1, 'running', 2, gen_random_uuid(), $1, now())`,
    [run, row.processor ?? "games", row.partition ?? "2026-01-14"],
  );
  return run;
}

/** Lines of a run, one a second from `at` on. */
export async function addLines(
  database: Database,
  run: string,
  at: string,
  lines: readonly (string | Partial<LineOfRun>)[],
): Promise<void> {
  const rows = lines.map((line, index) => ({
    run,
    seq: index + 1,
    at: new Date(Date.parse(at) + index * 1_000).toISOString(),
    severity: "INFO" as const,
    fields: null,
    message: "",
    ...(typeof line === "string" ? { message: line } : line),
  }));
  await insertLogLines(database, rows);
}
