// Schedules: their slots, each decided once by whoever gets there first, and what the slots ask for.

import type { CompiledSchedule } from "../../define/registry.ts";
import type { MissedPolicy, RequestState, SLOT_STATES } from "../../domain/calendar/schedule.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { TaskState } from "../../domain/settlement/states.ts";
import type { Connection, Executor } from "../database.ts";
import { exec, findOne, many, one, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "queue/schedules",
  "upsertSchedules",
  "retireSchedules",
  "dropRequestsOfOthers",
  "findScheduleWork",
  "lockDueSchedules",
  "insertSlots",
  "insertRequests",
  "moveSchedules",
  "askDueRequests",
  "pruneSlots",
  "listSchedules",
  "listSlots",
  "pauseSchedule",
  "resumeSchedule",
);

type SlotState = (typeof SLOT_STATES)[number];

/** Writes the schedules of a configuration, in the registering transaction. Gives the names of those that are gone. */
export async function registerSchedules(
  connection: Connection,
  schedules: readonly CompiledSchedule[],
): Promise<string[]> {
  const rows = schedules.map((each) => ({
    name: each.name,
    pipeline: each.pipeline,
    cron: each.cron,
    timezone: each.timezone,
    processors: each.run,
    days_back: each.partition === "newest" ? null : each.partition.daysBack,
    missed: each.missed,
    jitter_ms: each.jitterMs,
    lane: each.lane,
  }));
  await exec(connection, sql.upsertSchedules, [JSON.stringify(rows)]);
  const names = schedules.map((each) => each.name);
  const retired = await many<{ name: string }>(connection, sql.retireSchedules, [names]);
  await exec(connection, sql.dropRequestsOfOthers);
  return retired.map((row) => row.name);
}

/** Whether there is something to decide (by this code version), or to ask for. */
export async function findScheduleWork(
  executor: Executor,
  codeVersion: string,
): Promise<{ slots: boolean; requests: boolean }> {
  const work = await findOne<{ slots: boolean; requests: boolean }>(executor, sql.findScheduleWork, [
    codeVersion,
  ]);
  return work ?? { slots: false, requests: false };
}

/** A schedule whose next slot has come, by the database's clock. Instants are ISO 8601. */
export interface DueSchedule {
  name: string;
  decided_until: string;
  now: string;
}

/** Holds the due schedules until the transaction ends. */
export async function lockDueSchedules(connection: Connection): Promise<DueSchedule[]> {
  return many<DueSchedule>(connection, sql.lockDueSchedules);
}

export interface SlotRow {
  schedule: string;
  slot_at: string;
  state: SlotState;
  due_at: string;
}

/** Gives those that nobody had decided before. */
export async function insertSlots(
  connection: Connection,
  rows: readonly SlotRow[],
): Promise<{ schedule: string; slot_at: string }[]> {
  return many(connection, sql.insertSlots, [JSON.stringify(rows)]);
}

export interface RequestRow {
  schedule: string;
  slot_at: string;
  processor: string;
  /** Null when the processor has no partition for the slot. */
  partition: string | null;
  due_at: string;
}

export async function insertRequests(
  connection: Connection,
  namespace: string,
  rows: readonly RequestRow[],
): Promise<void> {
  await exec(connection, sql.insertRequests, [namespace, JSON.stringify(rows)]);
}

export async function moveSchedules(
  connection: Connection,
  rows: readonly { name: string; decided_until: string; next_slot_at: string | null }[],
): Promise<void> {
  await exec(connection, sql.moveSchedules, [JSON.stringify(rows)]);
}

/** Asks for what is due and not held up, for at most `limit` requests. Gives what the outputs' tasks are now. */
export async function askDueRequests(
  executor: Executor,
  limit: number,
): Promise<{ output_id: number; state: string }[]> {
  return many(executor, sql.askDueRequests, [limit]);
}

/** Deletes slots older than `days`, at most `limit`; gives how many. */
export async function pruneSlots(executor: Executor, days: number, limit: number): Promise<number> {
  return exec(executor, sql.pruneSlots, [days, limit]);
}

export interface ScheduleListing {
  name: string;
  pipeline: string;
  cron: string;
  timezone: string;
  processors: string[];
  /** Null: the newest partition that is open. */
  days_back: number | null;
  missed: MissedPolicy;
  jitter_ms: number;
  paused_at: string | null;
  last_slot_at: string | null;
  last_slot_state: SlotState | null;
  /** Requests that wait for their jitter, or for something that runs. */
  pending: number;
  decided_until: string;
}

export async function listSchedules(executor: Executor): Promise<ScheduleListing[]> {
  return many<ScheduleListing>(executor, sql.listSchedules);
}

/** A slot and one of the processors that it asks for; a skipped slot asks for none. */
export interface SlotListing {
  slot_at: string;
  slot_state: SlotState;
  due_at: string;
  processor: string | null;
  partition: string | null;
  state: RequestState | null;
  asked_at: string | null;
  /** The last run that came of it and has ended. */
  run_id: string | null;
  outcome: Outcome | null;
  reason: string | null;
  claimed_at: string | null;
  ended_at: string | null;
  /** What its task does now, where it has one. */
  task_state: TaskState | null;
}

/** The latest slots of a schedule, at most `limit`. */
export async function listSlots(executor: Executor, name: string, limit: number): Promise<SlotListing[]> {
  return many<SlotListing>(executor, sql.listSlots, [name, limit]);
}

/** The schedule is registered. */
export async function pauseSchedule(
  executor: Executor,
  name: string,
): Promise<{ paused_at: string; was_paused: boolean }> {
  return one(executor, sql.pauseSchedule, [name]);
}

/** The schedule is registered. */
export async function resumeSchedule(executor: Executor, name: string): Promise<{ was_paused: boolean }> {
  return one(executor, sql.resumeSchedule, [name]);
}
