// When an output is expected by: so many days after its partition begins, at a wall-clock time of its zone.

import { Temporal } from "temporal-polyfill";
import { type PartitionSet, windowOf } from "./partitions.ts";

/** `{ days: 1, at: "03:00" }`: at 03:00 of the day after the partition's first day, in the partition's time zone. */
export interface ExpectedBy {
  days: number;
  at: string;
}

/** The instant at which an unsettled output becomes overdue; for a partition without a calendar, counted from `firstExpectedAt` in UTC. */
export function deadlineOf(
  expectedBy: ExpectedBy,
  set: PartitionSet,
  partition: { key: string; parent?: string },
  firstExpectedAt: Temporal.Instant,
): Temporal.Instant {
  const calendar = set.kind === "dynamic" ? set.within : set;
  const key = set.kind === "dynamic" ? partition.parent : partition.key;
  const known = calendar.kind === "calendar" && key !== undefined;
  const timezone = known ? calendar.timezone : "UTC";
  const from = known ? windowOf(calendar, key).start : firstExpectedAt;
  const day = from.toZonedDateTimeISO(timezone).toPlainDate().add({ days: expectedBy.days });
  return day
    .toZonedDateTime({ timeZone: timezone, plainTime: Temporal.PlainTime.from(expectedBy.at) })
    .toInstant();
}
