// How many outputs stand where: the counts of a processor, of a phase or of everything.

import { z } from "zod";

/** Each output is in exactly one of them, but for `overdue` and `unvouched`, which come on top. */
export const outputCounts = {
  expected: z.int().describe("all that ought to exist by now"),
  complete: z.int(),
  empty: z.int(),
  degraded: z.int(),
  failed: z.int(),
  waived: z.int(),
  running: z.int(),
  waiting: z.int().describe("for data, for a recheck, or for the next attempt"),
  queued: z.int().describe("free to run"),
  blocked: z.int().describe("by what they need"),
  overdue: z.int().describe("past the time by which they are expected, and not settled"),
  unvouched: z.int().describe("empty, and nobody vouched that this is right"),
};
