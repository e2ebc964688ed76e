// Schedules: their slots, each decided once by whoever gets there first, and what the slots ask for.

import type { CompiledSchedule } from "../../define/registry.ts";
import type { Connection, Executor } from "../database.ts";
import * as sql from "./schedules.queries.ts";

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
    processors: [...each.run],
    days_back: each.partition === "newest" ? null : each.partition.daysBack,
    missed: each.missed,
    jitter_ms: each.jitterMs,
    lane: each.lane,
  }));
  await sql.upsertSchedules(connection, { schedules: rows });
  const names = schedules.map((each) => each.name);
  const retired = await sql.retireSchedules(connection, { kept: names });
  await sql.dropRequestsOfOthers(connection);
  return retired.map((row) => row.name);
}

/** Whether there is something to decide (by this code version), or to ask for. */
export async function findScheduleWork(
  executor: Executor,
  codeVersion: string,
): Promise<sql.FindScheduleWorkRow> {
  return sql.findScheduleWork(executor, { code_version: codeVersion });
}

/** Holds the due schedules until the transaction ends. */
export async function lockDueSchedules(connection: Connection): Promise<sql.DueSchedule[]> {
  return sql.lockDueSchedules(connection);
}

/** Gives those that nobody had decided before. */
export async function insertSlots(
  connection: Connection,
  rows: readonly sql.SlotRow[],
): Promise<sql.InsertSlotsRow[]> {
  return sql.insertSlots(connection, { slots: rows });
}

export async function insertRequests(
  connection: Connection,
  namespace: string,
  rows: readonly sql.RequestRow[],
): Promise<void> {
  await sql.insertRequests(connection, { namespace, requests: rows });
}

export async function moveSchedules(
  connection: Connection,
  rows: readonly { name: string; decided_until: string; next_slot_at: string | null }[],
): Promise<void> {
  await sql.moveSchedules(connection, { moves: rows });
}

/** Asks for what is due and not held up, for at most `limit` requests. Gives what the outputs' tasks are now. */
export async function askDueRequests(executor: Executor, limit: number): Promise<sql.AskDueRequestsRow[]> {
  return sql.askDueRequests(executor, { limit });
}

/** Deletes slots older than `days`, at most `limit`; gives how many. */
export async function pruneSlots(executor: Executor, days: number, limit: number): Promise<number> {
  return sql.pruneSlots(executor, { days, limit });
}

export async function listSchedules(executor: Executor): Promise<sql.ScheduleListing[]> {
  return sql.listSchedules(executor);
}

/** The latest slots of a schedule, at most `limit`. */
export async function listSlots(executor: Executor, name: string, limit: number): Promise<sql.SlotListing[]> {
  return sql.listSlots(executor, { schedule: name, limit });
}

/** The schedule is registered. */
export async function pauseSchedule(executor: Executor, name: string): Promise<sql.PauseScheduleRow> {
  return sql.pauseSchedule(executor, { name });
}

/** The schedule is registered. */
export async function resumeSchedule(executor: Executor, name: string): Promise<sql.ResumeScheduleRow> {
  return sql.resumeSchedule(executor, { name });
}
