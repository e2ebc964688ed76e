// What the model test reads of the store, and what must hold of it whatever was done.

import { expect } from "vitest";
import type { Registry } from "../../define/registry.ts";
import { TASK_TRANSITIONS, type TaskState } from "../../domain/settlement/states.ts";
import type { Database } from "../../store/database.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { NAMESPACE, type World } from "../../testing/engine.ts";
import { settlerOf } from "../../testing/engine-claims.ts";
import { bareRun, type FinishedRun } from "../run/finished-run.ts";
import type { Settler } from "../settlement/settled-run.ts";
import type { Ending, ModelClaim, TaskModel } from "./task-model.fixture.ts";

export { NAMESPACE };

export interface Real {
  world: World;
  /** The configuration without the processor `loner`. */
  without: Registry;
  /** The ids of the outputs, by processor. */
  ids: ReadonlyMap<string, number>;
  /** What was claimed under each run id, and when by the virtual clock. */
  claimed: Map<string, { task: ClaimedTask; at: number }>;
  /** The state of each task, by id, when it was last looked at. */
  seen: Map<number, TaskState>;
  settler(worker: string, random: number): Settler;
}

interface TaskRow {
  id: number;
  processor: string;
  state: TaskState;
  due_in: number;
  attempt: number;
  attempts_used: number;
  alone: boolean;
  deaths_alone: number;
  worker_id: string | null;
  run_id: string | null;
  waited: number | null;
  waits_for: string | null;
}

/** Real time goes by as well: far less than the odd minutes by which no due time is ever near the virtual clock's steps. */
const TOLERANCE_MS = 120_000;

export function idOf(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the ledger has no ${name}`);
  return id;
}

/** An empty store with the configuration as registered: no tasks but those that may run at once, no workers, no history. */
export async function openReal(world: World, without: Registry): Promise<Real> {
  const { database } = world.db;
  await database.query("truncate headworks.tasks, headworks.runs, headworks.workers");
  await database.query(
    `update headworks.outputs set status = 'expected', outcome = null, reason = null, vouched_by = null,
       settled_at = null, run_id = null, changed_by = null, changed_at = null`,
  );
  const { rows } = await database.query<{ id: number; processor: string }>(
    "select id, processor from headworks.outputs",
  );
  return {
    world,
    without,
    ids: new Map(rows.map((row) => [row.processor, row.id])),
    claimed: new Map(),
    seen: new Map(),
    settler: (worker, random) => ({ ...settlerOf(world, worker), random: () => random }),
  };
}

/** Lets the virtual clock go on: whatever an instant in a task or an output says is that much longer ago. */
export async function passTime(database: Database, ms: number): Promise<void> {
  await database.query(
    `update headworks.tasks set due_at = due_at - step, waiting_since = waiting_since - step, claimed_at = claimed_at - step
     from make_interval(secs => $1::double precision / 1000) as step`,
    [ms],
  );
  await database.query(
    `update headworks.outputs set settled_at = settled_at - step, changed_at = changed_at - step
     from make_interval(secs => $1::double precision / 1000) as step`,
    [ms],
  );
}

/** Checks that these tasks were free to be claimed and as many as may be, and notes the claims. */
export function remember(
  model: TaskModel,
  real: Real,
  worker: string,
  queue: string,
  limit: number,
  alone: boolean,
  claimed: readonly ClaimedTask[],
): void {
  const ofQueue = (state: TaskState) =>
    model.tasks(state).filter(({ processor }) => processor.queue.name === queue);
  const free = ofQueue("ready").filter(({ task }) => task.alone === alone);
  const { maxConcurrent = Number.POSITIVE_INFINITY } = free[0]?.processor.queue ?? {};
  const granted = Math.max(0, Math.min(limit, free.length, maxConcurrent - ofQueue("running").length));
  expect(claimed.length, "claims").toBe(model.isLive(worker) ? granted : 0);
  for (const each of claimed) {
    const { task, name } = free.find((output) => output.name === each.processor) ?? {};
    if (task === undefined || name === undefined) throw new Error(`${each.processor} was not free`);
    Object.assign(task, { state: "running", worker, runId: each.run_id, claimedAt: model.now });
    model.turn += 1;
    task.claimedTurn = model.turn;
    task.attempt += 1;
    task.waitsFor = null;
    real.claimed.set(each.run_id, { task: each, at: model.now });
    model.claims.push({ output: name, worker, runId: each.run_id, attempt: task.attempt });
  }
}

/** The run of a claim, ended in this way; instants that it knows are as old as the virtual clock makes them. */
export function runOf(model: TaskModel, real: Real, claim: ModelClaim, ending: Ending): FinishedRun {
  const { task, at } = real.claimed.get(claim.runId) ?? {};
  if (task === undefined || at === undefined) throw new Error(`nothing was claimed as ${claim.runId}`);
  const since = task.waiting_since;
  const waiting_since = since === null ? null : new Date(Date.parse(since) - (model.now - at)).toISOString();
  const { processor } = model.output(claim.output);
  const records = ending.report.kind === "returned" ? ending.report.records : 0;
  const run = bareRun({ ...task, waiting_since }, processor, ending.report, null);
  return { ...run, expectation: ending.expectation, records };
}

/** Compares everything that the model knows, and checks what must hold of any store. */
export async function expectSame(model: TaskModel, real: Real): Promise<void> {
  const { database } = real.world.db;
  const { rows: tasks } = await database.query<TaskRow>(
    `select t.id, t.processor, t.state, t.attempt, t.attempts_used, t.alone, t.deaths_alone, t.worker_id, t.run_id,
       (extract(epoch from t.due_at - clock_timestamp()) * 1000)::double precision as due_in,
       (extract(epoch from clock_timestamp() - t.waiting_since) * 1000)::double precision as waited, o.processor as waits_for
     from headworks.tasks t left join headworks.outputs o on o.id = t.waits_for order by t.processor`,
  );
  const { rows: outputs } = await database.query<{ processor: string; status: string }>(
    "select processor, status from headworks.outputs",
  );
  const { rows: runs } = await database.query<{ id: string; task_id: number; attempt: number }>(
    "select id, task_id, attempt, attempt_used, outcome, reason from headworks.runs",
  );
  expectLawful(real, tasks, runs);
  const statuses = [...model.outputs.values()].map(({ name, status }) => [name, status]);
  expect(Object.fromEntries(outputs.map((row) => [row.processor, row.status])), "ledger").toEqual(
    Object.fromEntries(statuses),
  );
  expect(tasks.map(withoutInstants), "tasks").toEqual(wantedTasks(model));
  expect(Object.fromEntries(runs.map(({ id, task_id: _, ...run }) => [id, run])), "history").toEqual(
    Object.fromEntries(model.history),
  );
  for (const row of tasks) {
    const task = model.output(row.processor).task;
    if (task === undefined) continue;
    const isTimed = task.state === "scheduled" || task.state === "waiting";
    if (isTimed) expectNear(row.due_in, task.dueAt - model.now, `due time of ${row.processor}`);
    if (task.waitingSince === null) expect(row.waited).toBeNull();
    else expectNear(row.waited ?? Number.NaN, model.now - task.waitingSince, `wait of ${row.processor}`);
  }
}

function expectNear(is: number, wanted: number, what: string): void {
  expect(Math.abs(is - wanted), what).toBeLessThan(TOLERANCE_MS);
}

/** Holds whatever the model says. */
function expectLawful(
  real: Real,
  tasks: readonly TaskRow[],
  runs: readonly { id: string; task_id: number; attempt: number }[],
): void {
  for (const task of tasks) {
    const before = real.seen.get(task.id);
    const allowed: readonly TaskState[] = before === undefined ? [] : TASK_TRANSITIONS[before];
    const isLawful = before === undefined || before === task.state || allowed.includes(task.state);
    expect(isLawful, `${task.processor}: ${before} → ${task.state}`).toBe(true);
    expect(task.state === "running", "running ⇔ worker").toBe(task.worker_id !== null);
    expect(task.attempts_used, "attempts_used ≤ attempt").toBeLessThanOrEqual(task.attempt);
  }
  expect(new Set(tasks.map((task) => task.processor)).size, "one task per output").toBe(tasks.length);
  const tries = new Set(runs.map((run) => `${run.task_id} ${run.attempt}`));
  expect(tries.size, "one history row per attempt").toBe(runs.length);
  real.seen = new Map(tasks.map((task) => [task.id, task.state]));
}

function withoutInstants({ id: _id, due_in: _due, waited: _waited, ...task }: TaskRow) {
  return task;
}

function wantedTasks(model: TaskModel) {
  return [...model.outputs.values()]
    .flatMap(({ name, task }) => (task === undefined ? [] : [{ processor: name, task }]))
    .map(({ processor, task }) => ({
      processor,
      state: task.state,
      attempt: task.attempt,
      attempts_used: task.attemptsUsed,
      alone: task.alone,
      deaths_alone: task.deathsAlone,
      worker_id: task.worker,
      run_id: task.runId,
      waits_for: task.waitsFor,
    }))
    .sort((a, b) => (a.processor < b.processor ? -1 : 1));
}
