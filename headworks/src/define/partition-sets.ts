// hourly(), daily(), weekly(), monthly(), single(), dynamic(): which slices of data a processor covers.

import type { CalendarUnit, DayKey, HourKey, MonthKey, WeekKey } from "../domain/calendar/partition-key.ts";
import type {
  CalendarPartitions,
  DynamicPartitions,
  PartitionSet,
  SinglePartition,
} from "../domain/calendar/partitions.ts";

/** The type of a set's keys, as `ctx.partition` has it. */
export type KeyOf<S extends PartitionSet> =
  S extends CalendarPartitions<infer U>
    ? { hour: HourKey; day: DayKey; week: WeekKey; month: MonthKey }[U]
    : S extends SinglePartition
      ? "all"
      : string;

export interface CalendarOptions {
  /** An IANA zone, such as `America/New_York`. Default `UTC`. */
  timezone?: string;
  /** The first day covered, `YYYY-MM-DD`. */
  start: string;
  /** The last day covered, `YYYY-MM-DD`. Open when left out. */
  end?: string;
  /** When a partition comes to be expected: at the `end` of its window (the default) or at its `start`. */
  opens?: "start" | "end";
}

/** A partition for every hour, `2026-01-14T05-05:00`. */
export const hourly = (options: CalendarOptions) => calendar("hour", options);
/** A partition for every day, `2026-01-14`. */
export const daily = (options: CalendarOptions) => calendar("day", options);
/** A partition for every ISO week, Monday to Sunday, `2026-W03`. */
export const weekly = (options: CalendarOptions) => calendar("week", options);
/** A partition for every month, `2026-01`. */
export const monthly = (options: CalendarOptions) => calendar("month", options);

/** One partition only, with the key `all`. */
export function single(): SinglePartition {
  return { kind: "single" };
}

export interface DynamicOptions {
  /** The partitioning that each discovered key lies in: games within days. Default: one for all. */
  within?: CalendarPartitions | SinglePartition;
}

/** Partitions that a processor finds out while it runs and reports with `ctx.discover(name, keys)`. */
export function dynamic<N extends string>(name: N, options: DynamicOptions = {}): DynamicPartitions<N> {
  return { kind: "dynamic", name, within: options.within ?? single() };
}

function calendar<U extends CalendarUnit>(unit: U, options: CalendarOptions): CalendarPartitions<U> {
  return {
    kind: "calendar",
    unit,
    timezone: options.timezone ?? "UTC",
    start: options.start,
    ...(options.end === undefined ? {} : { end: options.end }),
    opens: options.opens ?? "end",
  };
}
