// Steers schedules by hand: pauses and resumes one.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/schedules.ts";
import { getSchedule, nextSlots } from "../inspect/schedules.ts";
import * as store from "../store/queue/schedules.ts";
import { audited, type Operator } from "./operator.ts";

/** Throws UNKNOWN_SCHEDULE. */
export async function pauseSchedule(
  operator: Operator,
  { name }: InputOf<typeof contract.pauseSchedule>,
): Promise<OutputOf<typeof contract.pauseSchedule>> {
  return audited(operator, { action: "schedules.pause", subject: name }, async (connection) => {
    await getSchedule(connection, name);
    return { name, ...(await store.pauseSchedule(connection, name)) };
  });
}

/** Throws UNKNOWN_SCHEDULE. */
export async function resumeSchedule(
  operator: Operator,
  { name }: InputOf<typeof contract.resumeSchedule>,
): Promise<OutputOf<typeof contract.resumeSchedule>> {
  return audited(operator, { action: "schedules.resume", subject: name }, async (connection) => {
    await getSchedule(connection, name);
    const { was_paused } = await store.resumeSchedule(connection, name);
    const [next = null] = nextSlots(await getSchedule(connection, name), Date.now(), 1);
    return { name, paused_at: null, was_paused, next_slot_at: next };
  });
}
