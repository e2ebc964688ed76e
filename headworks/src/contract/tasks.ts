// Tasks: what waits to be run, and changing it by hand.

import { z } from "zod";
import { OUTCOMES } from "../domain/settlement/outcome.ts";
import { TASK_STATES } from "../domain/settlement/states.ts";
import { type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";

const name = z.string().min(1);
const priority = z.int().describe("0 goes first");

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

export type Task = OutputOf<typeof listTasks>["items"][number];
