// schedule(): when work is created, besides the outputs that are expected anyway.

import type { MissedPolicy, SlotPartition } from "../domain/calendar/schedule.ts";
import type { Duration } from "../domain/duration.ts";
import type { NamedProcessor } from "./needs.ts";

export interface ScheduleOptions {
  /** Minute, hour, day, month, weekday: `0 3 * * *`. Also `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  cron: string;
  /** The zone whose clock the pattern is read on. Default UTC. */
  timezone?: string;
  /** What is asked for at each slot: processors, or their names. */
  run: NamedProcessor | string | readonly (NamedProcessor | string)[];
  /** Which of their partitions. Default `newest`: the newest one that is open at the slot. */
  partition?: SlotPartition;
  /** What becomes of slots that no process was there for. Default `latest`. At most 7 days back. */
  missed?: MissedPolicy;
  /** The lane of the tasks it makes, where the queues of its processors have such a lane. Default `live`. */
  lane?: string;
  /** Each slot is asked for later by a part of this, always the same one for a slot. Default none. */
  jitter?: Duration;
}

/** When work is created. Made with {@link schedule}. */
export interface Schedule {
  kind: "schedule";
  name: string;
  options: ScheduleOptions;
  /** Where it was declared, for error messages: a file, line and column in YAML. */
  declaredAt?: string;
}

/** Declares a schedule, for `schedules` of a pipeline. Mistakes are listed when the configuration is loaded. */
export function schedule(name: string, options: ScheduleOptions): Schedule {
  return { kind: "schedule", name, options };
}
