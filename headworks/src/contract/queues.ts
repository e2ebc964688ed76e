// Queues: how fast work is dispatched, and steering one by hand.

import { z } from "zod";
import { action, type OutputOf, question } from "./operation.ts";
import { pageOf } from "./page.ts";

const limits = {
  name: z.string(),
  rate: z.number().nullable().describe("tasks per second; null without a limit"),
  burst: z.number().describe("tasks that may start at once after a pause"),
  tokens: z.number().nullable().describe("tasks that the rate would grant now; null without a rate"),
  scheduled: z.int(),
  ready: z.int(),
  running: z.int(),
  waiting: z.int(),
  failed: z.int(),
};

const lane = z.strictObject({ ...limits, weight: z.number() });

export const queue = z.strictObject({
  ...limits,
  paused_at: z.iso.datetime().nullable(),
  max_concurrent: z.int().nullable(),
  lanes: z.array(lane).describe("empty for a queue without lanes; `live` comes first"),
});

const named = z.strictObject({ name: z.string().min(1) });

export const listQueues = question({
  name: "queues.list",
  summary: "List queues with their limits, their tasks and their lanes.",
  path: "/v1/queues",
  input: z.strictObject({}),
  output: pageOf(queue),
});

export const pauseQueue = action({
  name: "queues.pause",
  summary: "Start nothing more from a queue. What runs, runs on.",
  path: "/v1/queues/{name}/pause",
  input: named,
  output: z.strictObject({
    name: z.string(),
    paused_at: z.iso.datetime(),
    was_paused: z.boolean().describe("whether it was paused before"),
  }),
});

export const resumeQueue = action({
  name: "queues.resume",
  summary: "Go on with a paused queue.",
  path: "/v1/queues/{name}/resume",
  input: named,
  output: z.strictObject({ name: z.string(), paused_at: z.null(), was_paused: z.boolean() }),
});

export const countPurgeable = question({
  name: "queues.purgeable",
  summary: "Count the tasks that a purge of a queue would delete, and those that it would leave.",
  path: "/v1/queues/{name}/purgeable",
  input: named,
  output: z.strictObject({
    purgeable: z.int(),
    running: z.int(),
    failed: z.int(),
    newest_id: z.int().describe("give it to the purge: tasks that come after it stay"),
  }),
});

export const purgeQueue = action({
  name: "queues.purge",
  summary:
    "Delete the tasks of a queue that wait for their turn, and waive the outputs that were expected of them.",
  path: "/v1/queues/{name}/purge",
  input: z.strictObject({ name: z.string().min(1), newest_id: z.int() }),
  output: z.strictObject({
    name: z.string(),
    purged: z.int().describe("tasks that are deleted"),
    waived: z.int().describe("outputs that were expected of them"),
    released: z.int().describe("tasks of outputs downstream that need nothing more"),
  }),
});

export type Queue = OutputOf<typeof listQueues>["items"][number];
export type Lane = Queue["lanes"][number];
export type Purgeable = OutputOf<typeof countPurgeable>;
