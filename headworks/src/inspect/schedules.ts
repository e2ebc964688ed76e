// Questions about schedules: when each comes next, and what became of its latest slots.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/schedules.ts";
import { parseCron } from "../domain/calendar/cron.ts";
import { slotsAfter } from "../domain/calendar/cron-slots.ts";
import { requireKnown } from "../domain/known-name.ts";
import type { Executor } from "../store/database.ts";
import type { ScheduleListing } from "../store/queue/schedules.queries.ts";
import * as store from "../store/queue/schedules.ts";

export async function listSchedules(executor: Executor): Promise<OutputOf<typeof contract.listSchedules>> {
  const schedules = await store.listSchedules(executor);
  const items = await Promise.all(schedules.map((each) => withSlots(executor, each, { next: 1, slots: 1 })));
  return { items, next_cursor: null };
}

/** Throws UNKNOWN_SCHEDULE. */
export async function showSchedule(
  executor: Executor,
  { name, ...amounts }: InputOf<typeof contract.showSchedule>,
): Promise<OutputOf<typeof contract.showSchedule>> {
  return withSlots(executor, await getSchedule(executor, name), amounts);
}

/** Throws UNKNOWN_SCHEDULE, with the name that was probably meant. */
export async function getSchedule(executor: Executor, name: string): Promise<ScheduleListing> {
  const schedules = await store.listSchedules(executor);
  requireKnown(
    "schedule",
    name,
    schedules.map((each) => each.name),
  );
  const found = schedules.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is known and not there`);
  return found;
}

/** The next slots after `now`, in epoch milliseconds; none while it is paused. */
export function nextSlots(schedule: ScheduleListing, now: number, count: number): string[] {
  if (schedule.paused_at !== null || count === 0) return [];
  const found: string[] = [];
  for (const slot of slotsAfter(parseCron(schedule.cron), schedule.timezone, now)) {
    if (found.push(new Date(slot).toISOString()) >= count) break;
  }
  return found;
}

async function withSlots(
  executor: Executor,
  schedule: ScheduleListing,
  { next, slots }: { next: number; slots: number },
): Promise<contract.Schedule> {
  return {
    ...schedule,
    next_slots_at: nextSlots(schedule, Date.now(), next),
    slots: await store.listSlots(executor, schedule.name, slots),
  };
}
