// Words that many shapes have: outcomes, statuses, states, as the contract spells them.

import { z } from "zod";
import { CRITICALITIES } from "../../domain/criticality.ts";
import { OUTCOMES } from "../../domain/settlement/outcome.ts";
import { OUTPUT_STATUSES, TASK_STATES } from "../../domain/settlement/states.ts";

export const criticality = z.enum(CRITICALITIES);
export const outcome = z.enum(OUTCOMES);
export const outputStatus = z.enum(OUTPUT_STATUSES);
export const taskState = z.enum(TASK_STATES);
export const reason = z.string().nullable().describe("a stable code that refines the outcome");
export const instant = z.iso.datetime();
export const runId = z.uuid();
export const fingerprint = z.string().regex(/^[0-9a-f]{16}$/);
/** Of a filter: one of them only. */
export const named = z.string().min(1).max(200);
/** What was read is one more than is told: whether a list of details was cut. */
export const cut = z.boolean().describe("whether there are more than are listed");
