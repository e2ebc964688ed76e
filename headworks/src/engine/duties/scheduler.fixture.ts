// What the tests of schedules share: a pipeline with schedules, time that has passed, and what became of the slots.

import { type Pipeline, pipeline } from "../../define/pipeline.ts";
import type { Processor } from "../../define/processor.ts";
import type { Schedule } from "../../define/schedule.ts";
import type { Database } from "../../store/database.ts";
import { NAMESPACE, type World } from "../../testing/engine.ts";
import { keepSchedules } from "./scheduler.ts";

export function scheduled(processors: readonly Processor[], schedules: readonly Schedule[]): Pipeline {
  return pipeline("season", { phases: ["all"], processors, schedules });
}

/** Of every hour, half an hour from now: no slot comes up by itself while a test runs. */
export const HOURLY = `${(new Date().getUTCMinutes() + 30) % 60} * * * *`;

/** One look of a scheduler, in this process. */
export async function look({ db, registry }: World, database: Database = db.database): Promise<void> {
  await keepSchedules({ database, registry, namespace: NAMESPACE, codeVersion: "v1" });
}

/** As it is when nobody has looked for so many hours. */
export async function passHours({ db }: World, hours: number): Promise<void> {
  await db.database.query(
    "update headworks.schedules set decided_until = now() - make_interval(hours => $1), next_slot_at = now() - make_interval(hours => $1)",
    [hours],
  );
}

/** Each request, the oldest slot first: `processor[partition] state`; `skipped` for a slot without any. */
export async function slotsOf({ db }: World, schedule: string): Promise<string[]> {
  const result = await db.database.query<{ text: string }>(
    `select coalesce(r.processor || coalesce('[' || r.partition || ']', '') || ' ' || r.state, s.state) as text
     from headworks.schedule_slots s left join headworks.schedule_requests r using (schedule, slot_at)
     where schedule = $1 order by slot_at, processor`,
    [schedule],
  );
  return result.rows.map((row) => row.text);
}

/** The task of an output, and what moves it on without a worker. */
export async function setTask({ db }: World, processor: string, change: string): Promise<void> {
  await db.database.query(`update headworks.tasks set ${change} where processor = $1`, [processor]);
}

/** As a settlement leaves it: complete, without a task. */
export async function complete({ db }: World, ...processors: string[]): Promise<void> {
  await db.database.query("delete from headworks.tasks where processor = any ($1)", [processors]);
  await db.database.query("update headworks.outputs set status = 'complete' where processor = any ($1)", [
    processors,
  ]);
}
