// Circuit breakers: which are open and why, and closing one by hand.

import { z } from "zod";
import { BREAKER_KINDS, BREAKER_STATES } from "../domain/dispatch/breaker.ts";
import { action, type OutputOf, question } from "./operation.ts";
import { pageOf } from "./page.ts";

const breaker = z.strictObject({
  kind: z.enum(BREAKER_KINDS),
  name: z.string(),
  state: z.enum(BREAKER_STATES),
  failures_in_row: z.int(),
  opened_at: z.iso.datetime().nullable(),
  retry_at: z.iso.datetime().nullable().describe("when an open one lets a probe through"),
  probe_until: z.iso.datetime().nullable().describe("until when a probe may take, while one is under way"),
  reason: z.string().nullable(),
});

export const listBreakers = question({
  name: "breakers.list",
  summary: "List the circuit breakers that were ever used, the open ones first.",
  path: "/v1/breakers",
  input: z.strictObject({}),
  output: pageOf(breaker),
});

export const resetBreaker = action({
  name: "breakers.reset",
  summary: "Close a circuit breaker now, and forget its failures.",
  path: "/v1/breakers/{name}/reset",
  input: z.strictObject({
    name: z.string().min(1),
    kind: z
      .enum(BREAKER_KINDS)
      .optional()
      .describe("needed where a source and a processor have the same name"),
  }),
  output: z.strictObject({
    kind: z.enum(BREAKER_KINDS),
    name: z.string(),
    state: z.literal("closed"),
    was: z.enum(BREAKER_STATES).describe("its state before"),
  }),
});

export type Breaker = OutputOf<typeof listBreakers>["items"][number];
