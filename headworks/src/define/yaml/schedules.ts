// Schedules in a processors.yaml: their schema, and the definitions that are made of them.

import { z } from "zod";
import { MISSED_POLICIES } from "../../domain/calendar/schedule.ts";
import type { Duration } from "../../domain/duration.ts";
import { type Schedule, schedule } from "../schedule.ts";
import { cronField, durationField, nameField, timezoneField } from "./fields.ts";

export const scheduleEntry = z.strictObject({
  name: nameField.describe(
    "Its name: lower-case letters, digits and _, beginning with a letter, at most 63.",
  ),
  cron: cronField.describe(
    'Minute, hour, day, month and weekday: "0 3 * * *" is every day at 03:00, "*/15 * * * *" every 15 minutes.',
  ),
  timezone: timezoneField
    .optional()
    .describe("The IANA zone whose clock it follows, such as America/New_York. Default: the file's."),
  run: z
    .union([nameField, z.array(nameField).min(1)])
    .describe("The processor that is asked for, or a list of them."),
  partition: z
    .union([
      z.literal("newest"),
      z.strictObject({
        days_back: z.int().min(0).max(3_660).describe("The partition of so many days before; 0 is today's."),
      }),
    ])
    .optional()
    .describe("Which partition: newest (default: the newest one that is open) or { days_back: 1 }."),
  missed: z
    .enum(MISSED_POLICIES)
    .optional()
    .describe("What becomes of slots that no process was there for: skip, latest (default) or all."),
  lane: nameField
    .optional()
    .describe("The lane of the tasks it makes, where the queues have such a lane. Default live."),
  jitter: durationField
    .optional()
    .describe("Asks later by a part of this: a number and a unit, such as 5m. Default: none."),
});

type ScheduleEntry = z.output<typeof scheduleEntry>;

/** `timezone` is that of the file. */
export function defineSchedule(entry: ScheduleEntry, timezone: string | undefined): Schedule {
  const { name, cron, run, partition, missed, lane, jitter } = entry;
  const zone = entry.timezone ?? timezone;
  return schedule(name, {
    cron,
    run,
    ...(zone !== undefined && { timezone: zone }),
    ...(partition !== undefined && {
      partition: partition === "newest" ? partition : { daysBack: partition.days_back },
    }),
    ...(missed !== undefined && { missed }),
    ...(lane !== undefined && { lane }),
    // The schema has checked that it is one.
    ...(jitter !== undefined && { jitter: jitter as Duration }),
  });
}
