// Tasks: what waits to be run, and changing it by hand.

import { z } from "zod";
import { SINGLE_KEY } from "../domain/calendar/partitions.ts";
import { OUTCOMES } from "../domain/settlement/outcome.ts";
import { TASK_STATES } from "../domain/settlement/states.ts";
import { action, type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";
import { payload } from "./payload.ts";

/** Partitions of one request. */
const PARTITIONS_AT_MOST = 10_000;
/** 0 goes first. */
export const PRIORITY = { min: 0, max: 1_000 } as const;

const name = z.string().min(1);
const priority = z.int().describe("0 goes first");
const durationMs = z
  .number()
  .min(0)
  .max(10 * 365 * 86_400_000);
const asked = {
  processor: name,
  partitions: z
    .array(name)
    .min(1)
    .max(PARTITIONS_AT_MOST)
    .default([SINGLE_KEY])
    .describe("in the order in which they become due; left out for a processor with one output"),
};
const priorityAsked = z
  .int()
  .min(PRIORITY.min)
  .max(PRIORITY.max)
  .optional()
  .describe("0 goes first; left out, it is the processor's, by its criticality");

const task = z.strictObject({
  id: z.int(),
  processor: z.string(),
  partition: z.string(),
  queue: z.string(),
  lane: z.string().describe("`live`, or another lane of the queue"),
  state: z.enum(TASK_STATES),
  priority,
  priority_by_hand: z.boolean().describe("whether a person chose it, instead of the processor's criticality"),
  due_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable().describe("it fails if it hasn't begun by then; null: never"),
  attempts_used: z.int(),
  last_outcome: z.enum(OUTCOMES).nullable().describe("of its last run; null before the first"),
  last_reason: z.string().nullable(),
  last_error: z.string().nullable(),
});

export const listTasks = question({
  name: "tasks.list",
  summary: "List tasks, the oldest first.",
  path: "/v1/tasks",
  input: z.strictObject({
    processor: name.optional(),
    queue: name.optional(),
    lane: name.optional(),
    state: z.enum(TASK_STATES).optional(),
    ...pageInput,
  }),
  output: pageOf(task),
});

export const addTasks = action({
  name: "tasks.add",
  summary: "Ask for runs of these partitions, now or later.",
  path: "/v1/tasks",
  createsWork: true,
  input: z.strictObject({
    ...asked,
    delay_ms: durationMs.default(0).describe("how long from now the first is due"),
    every_ms: durationMs.default(0).describe("how much later each next one is due"),
    expires_after_ms: durationMs
      .optional()
      .describe("it fails if it hasn't begun so long after it was due; left out: never"),
    priority: priorityAsked,
    lane: name.optional().describe("a lane of the queue; left out: `live`"),
    dedupe_key: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe("adds nothing if that was done under this key within 24 hours"),
    payload: payload.optional(),
  }),
  output: z.strictObject({
    processor: z.string(),
    duplicate: z.boolean().describe("whether nothing was added, since it was done under this key before"),
    tasks: z
      .array(
        z.strictObject({
          partition: z.string(),
          state: z.enum(["scheduled", "ready", "running"]).describe("`running`: it was left alone"),
          due_at: z.iso.datetime().nullable().describe("null for what runs"),
        }),
      )
      .describe("in the order in which they become due"),
  }),
});

export const cancelTasks = action({
  name: "tasks.cancel",
  summary: "Delete tasks that wait for their turn, and waive the outputs that were expected of them.",
  path: "/v1/tasks/cancel",
  input: z.strictObject(asked),
  output: z.strictObject({
    processor: z.string(),
    cancelled: z.int().describe("tasks that are deleted"),
    waived: z.int().describe("outputs that were expected of them"),
    released: z.int().describe("tasks of outputs downstream that need nothing more"),
  }),
});

export const prioritizeTasks = action({
  name: "tasks.prioritize",
  summary: "Move tasks before others of their queue, or after them.",
  path: "/v1/tasks/prioritize",
  input: z.strictObject({ ...asked, priority: priorityAsked }),
  output: z.strictObject({
    processor: z.string(),
    tasks: z.array(z.strictObject({ partition: z.string(), priority })),
  }),
});

export type AddedTask = OutputOf<typeof addTasks>["tasks"][number];
export type Task = OutputOf<typeof listTasks>["items"][number];
