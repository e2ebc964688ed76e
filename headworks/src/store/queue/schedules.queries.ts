// The queries of schedules.sql, with the types that their headers declare. Written by npm run queries.

import type { MissedPolicy, RequestState, SlotState } from "../../domain/calendar/schedule.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import type { TaskState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("schedules.sql", import.meta.url));

export interface ScheduleRow {
  name: string;
  pipeline: string;
  cron: string;
  timezone: string;
  processors: string[];
  days_back: number | null;
  missed: MissedPolicy;
  jitter_ms: number;
  lane: string;
}

export interface SlotRow {
  schedule: string;
  slot_at: string;
  state: SlotState;
  due_at: string;
}

/** What a slot asks of a processor; without a partition where the processor has none for it. */
export interface RequestRow {
  schedule: string;
  slot_at: string;
  processor: string;
  partition: string | null;
  due_at: string;
}

export interface ScheduleMove {
  name: string;
  decided_until: string;
  next_slot_at: string | null;
}

/** A schedule whose next slot has come. */
export interface DueSchedule {
  name: string;
  decided_until: string;
  now: string;
}

/** `days_back` is null where a slot means the newest partition that is open. */
export interface ScheduleListing {
  name: string;
  pipeline: string;
  cron: string;
  timezone: string;
  processors: string[];
  days_back: number | null;
  missed: MissedPolicy;
  jitter_ms: number;
  paused_at: string | null;
  last_slot_at: string | null;
  last_slot_state: SlotState | null;
  pending: number;
  decided_until: string;
}

/** A slot and one of the processors that it asks for; the run is the last one that came of it. */
export interface SlotListing {
  slot_at: string;
  slot_state: SlotState;
  due_at: string;
  processor: string | null;
  partition: string | null;
  state: RequestState | null;
  asked_at: string | null;
  run_id: string | null;
  outcome: Outcome | null;
  reason: string | null;
  claimed_at: string | null;
  ended_at: string | null;
  task_state: TaskState | null;
}

export interface UpsertSchedulesParams {
  schedules: readonly ScheduleRow[];
}

/** Schedules as declared; what a new, returned or otherwise timed one missed before now isn't made up for. */
export const upsertSchedules = queries.exec<UpsertSchedulesParams>("upsertSchedules");

export interface RetireSchedulesParams {
  kept: readonly string[];
}

export interface RetireSchedulesRow {
  name: string;
}

/** Schedules that the configuration no longer has: what they haven't asked for yet is dropped, their history stays. */
export const retireSchedules = queries.many<RetireSchedulesParams, RetireSchedulesRow>("retireSchedules");

/** What is pending for processors that their schedule no longer runs, or that have been retired. */
export const dropRequestsOfOthers = queries.exec<void>("dropRequestsOfOthers");

export interface FindScheduleWorkParams {
  code_version: string;
}

export interface FindScheduleWorkRow {
  slots: boolean;
  requests: boolean;
}

/** Whether a slot is due to be decided, and whether a request is due to be made; one look a second. */
export const findScheduleWork = queries.one<FindScheduleWorkParams, FindScheduleWorkRow>("findScheduleWork");

/** The schedules whose next slot has come, held until their slots are decided; another process waits, and finds none. */
export const lockDueSchedules = queries.many<void, DueSchedule>("lockDueSchedules");

export interface InsertSlotsParams {
  slots: readonly SlotRow[];
}

export interface InsertSlotsRow {
  schedule: string;
  slot_at: string;
}

/** Slots that were decided; one that is there already is left alone and not returned. */
export const insertSlots = queries.many<InsertSlotsParams, InsertSlotsRow>("insertSlots");

export interface InsertRequestsParams {
  namespace: string;
  requests: readonly RequestRow[];
}

/** What slots ask for: of each processor, the output of one partition; without an output there is nothing to ask for. */
export const insertRequests = queries.exec<InsertRequestsParams>("insertRequests");

export interface MoveSchedulesParams {
  moves: readonly ScheduleMove[];
}

/** Slots are decided up to here. */
export const moveSchedules = queries.exec<MoveSchedulesParams>("moveSchedules");

export interface AskDueRequestsParams {
  limit: number;
}

export interface AskDueRequestsRow {
  output_id: number;
  state: string;
}

/** Pending → asked, unless a run that began before is under way, or something that a settled output needs: a new task, or the one that is there. */
export const askDueRequests = queries.many<AskDueRequestsParams, AskDueRequestsRow>("askDueRequests");

export interface PruneSlotsParams {
  days: number;
  limit: number;
}

/** Slots older than so many days, at most as many as said; never one that still has something to ask for. */
export const pruneSlots = queries.exec<PruneSlotsParams>("pruneSlots");

/** Schedules with their last slot, the last that was missed, and what is pending. */
export const listSchedules = queries.many<void, ScheduleListing>("listSchedules");

export interface ListSlotsParams {
  schedule: string;
  limit: number;
}

/** The latest slots of a schedule with what they asked for, and the last run since, before the next such request. */
export const listSlots = queries.many<ListSlotsParams, SlotListing>("listSlots");

export interface PauseScheduleParams {
  name: string;
}

export interface PauseScheduleRow {
  paused_at: string;
  was_paused: boolean;
}

/** No slot is decided any more, and what it hasn't asked for yet is dropped; tells whether it was paused already. */
export const pauseSchedule = queries.one<PauseScheduleParams, PauseScheduleRow>("pauseSchedule");

export interface ResumeScheduleParams {
  name: string;
}

export interface ResumeScheduleRow {
  was_paused: boolean;
}

/** Slots are decided again, from now on: those of the pause were not missed; tells whether it was paused. */
export const resumeSchedule = queries.one<ResumeScheduleParams, ResumeScheduleRow>("resumeSchedule");
