// Redrives: retries of many failed tasks, with how far each is.

import { z } from "zod";
import { REDRIVE_STATES } from "../domain/dispatch/redrive.ts";
import { failureFilter } from "./failures.ts";
import { action, type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";

const redrive = z.strictObject({
  id: z.int(),
  state: z.enum(REDRIVE_STATES),
  filter: failureFilter.describe("which failed tasks"),
  rate: z.number().nullable().describe("tasks per second; null: as fast as that can be done"),
  tasks: z.int().describe("failed tasks that fitted when it began"),
  retried: z.int().describe("of these, those that are ready by now"),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});

export const listRedrives = question({
  name: "redrives.list",
  summary: "List redrives: those that run first, then the latest.",
  path: "/v1/redrives",
  input: z.strictObject(pageInput),
  output: pageOf(redrive),
});

export const cancelRedrive = action({
  name: "redrives.cancel",
  summary: "Stop a redrive. What it hasn't put back stays failed.",
  path: "/v1/redrives/{id}/cancel",
  input: z.strictObject({ id: z.int().min(1) }),
  output: z.strictObject({
    id: z.int(),
    state: z.literal("cancelled"),
    retried: z.int().describe("tasks that are ready by now"),
    tasks: z.int(),
  }),
});

export type Redrive = OutputOf<typeof listRedrives>["items"][number];
