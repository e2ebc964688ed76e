// Words that many shapes have: outcomes, statuses, states, as the contract spells them.

import { z } from "zod";
import { CRITICALITIES } from "../domain/criticality.ts";
import { OUTCOMES } from "../domain/settlement/outcome.ts";

export const criticality = z.enum(CRITICALITIES);
export const outcome = z.enum(OUTCOMES);
/** A stable code that refines an outcome or a status. */
export const reason = z.string().nullable().describe("a stable code that refines the outcome");
export const instant = z.iso.datetime();
export const runId = z.uuid();
export const fingerprint = z.string().regex(/^[0-9a-f]{16}$/);
