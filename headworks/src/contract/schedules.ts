// Schedules: when work is created, what became of it, and pausing one by hand.

import { z } from "zod";
import { MISSED_POLICIES, REQUEST_STATES, SLOT_STATES } from "../domain/calendar/schedule.ts";
import { OUTCOMES } from "../domain/settlement/outcome.ts";
import { TASK_STATES } from "../domain/settlement/states.ts";
import { action, type OutputOf, question } from "./operation.ts";
import { pageOf } from "./page.ts";

const slot = z
  .strictObject({
    slot_at: z.iso.datetime(),
    slot_state: z.enum(SLOT_STATES),
    due_at: z.iso.datetime().describe("the slot and its jitter"),
    processor: z.string().nullable().describe("null for a skipped slot"),
    partition: z.string().nullable(),
    state: z.enum(REQUEST_STATES).nullable(),
    asked_at: z.iso.datetime().nullable(),
    run_id: z.uuid().nullable().describe("the last run that came of it and has ended"),
    outcome: z.enum(OUTCOMES).nullable(),
    reason: z.string().nullable(),
    claimed_at: z.iso.datetime().nullable(),
    ended_at: z.iso.datetime().nullable(),
    task_state: z.enum(TASK_STATES).nullable().describe("of the output's task now; null without one"),
  })
  .describe("a slot and one of the processors that it asks for");

const schedule = z.strictObject({
  name: z.string(),
  pipeline: z.string(),
  cron: z.string(),
  timezone: z.string(),
  processors: z.array(z.string()),
  days_back: z.int().nullable().describe("which partition a slot means; null: the newest open one"),
  missed: z.enum(MISSED_POLICIES),
  jitter_ms: z.int(),
  paused_at: z.iso.datetime().nullable(),
  last_slot_at: z.iso.datetime().nullable(),
  last_slot_state: z.enum(SLOT_STATES).nullable(),
  pending: z.int().describe("requests that wait for their jitter, or for something that runs"),
  decided_until: z.iso.datetime(),
  next_slots_at: z.array(z.iso.datetime()).describe("empty while it is paused"),
  slots: z.array(slot).describe("the latest first"),
});

const named = z.strictObject({ name: z.string().min(1) });

export const listSchedules = question({
  name: "schedules.list",
  summary: "List schedules, each with its last and its next slot.",
  path: "/v1/schedules",
  input: z.strictObject({}),
  output: pageOf(schedule),
});

export const showSchedule = question({
  name: "schedules.show",
  summary: "Show the next slots of a schedule, and what became of the latest.",
  path: "/v1/schedules/{name}",
  input: z.strictObject({
    name: z.string().min(1),
    next: z.int().min(0).max(1_000).default(5).describe("how many of the next slots"),
    slots: z.int().min(0).max(10_000).default(20).describe("how many of the latest slots"),
  }),
  output: schedule,
});

export const pauseSchedule = action({
  name: "schedules.pause",
  summary: "Create no more work by a schedule, and drop its pending requests.",
  path: "/v1/schedules/{name}/pause",
  input: named,
  output: z.strictObject({
    name: z.string(),
    paused_at: z.iso.datetime(),
    was_paused: z.boolean().describe("whether it was paused before"),
  }),
});

export const resumeSchedule = action({
  name: "schedules.resume",
  summary: "Continue with the next slot of a schedule. Slots of the pause are not made up for.",
  path: "/v1/schedules/{name}/resume",
  input: named,
  output: z.strictObject({
    name: z.string(),
    paused_at: z.null(),
    was_paused: z.boolean(),
    next_slot_at: z.iso.datetime().nullable().describe("null when the pattern never comes up again"),
  }),
});

export type Schedule = OutputOf<typeof showSchedule>;
export type Slot = Schedule["slots"][number];
