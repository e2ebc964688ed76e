// Partition sets: which slices of data a processor covers, what their keys look like, and when each begins and ends.

import { Temporal } from "temporal-polyfill";
import { plainStart } from "./local-time.ts";
import { type CalendarUnit, formatKey, parseKey, shiftStart, startOfUnit } from "./partition-key.ts";

/** One slice only: reference data, a season's totals. Its key is `all`. */
export interface SinglePartition {
  kind: "single";
}

/** A slice for every hour, day, week (ISO, from Monday) or month of a time zone. */
export interface CalendarPartitions<U extends CalendarUnit = CalendarUnit> {
  kind: "calendar";
  unit: U;
  timezone: string;
  /** The first day covered, `YYYY-MM-DD`. */
  start: string;
  /** The last day covered, `YYYY-MM-DD`; open when missing. */
  end?: string;
  /** When a partition comes to be expected: as its window begins, or once it is over. */
  opens: "start" | "end";
}

/** Slices that a processor discovers while it runs. Each lies within one partition of `within`. */
export interface DynamicPartitions<N extends string = string> {
  kind: "dynamic";
  name: N;
  within: CalendarPartitions | SinglePartition;
}

export type PartitionSet = SinglePartition | CalendarPartitions | DynamicPartitions;

export const SINGLE_KEY = "all";

/** From start (inclusive) to end (exclusive). */
export interface Window {
  start: Temporal.Instant;
  end: Temporal.Instant;
}

/** The window of a calendar partition. Days of a changing clock have 23 or 25 hours. Throws RangeError on a malformed key. */
export function windowOf(set: CalendarPartitions, key: string): Window {
  const start = parseKey(set.unit, key, set.timezone);
  return { start: start.toInstant(), end: shiftStart(set.unit, start, 1).toInstant() };
}

/** When the partition comes to be expected, in epoch milliseconds. Throws RangeError on a malformed key. */
export function opensAt(set: CalendarPartitions, key: string): number {
  const plain = plainStart(set.unit, key, set.timezone);
  if (plain === undefined) return windowOf(set, key)[set.opens].epochMilliseconds;
  return set.opens === "start" ? plain.epochMs : plain.epochMs + plain.lengthMs;
}

/** The key of the partition that an instant falls into, whether or not the set covers it. */
export function keyAt(set: CalendarPartitions, instant: Temporal.Instant): string {
  return formatKey(set.unit, startOfUnit(set.unit, instant.toZonedDateTimeISO(set.timezone)));
}

/** Every key from the set's start that has opened by `now`, in order. Bounded by the set's end. */
export function openKeys(set: CalendarPartitions, now: Temporal.Instant): string[] {
  return keysWhile(set, (start, next) => {
    const opens = set.opens === "start" ? start : next;
    return Temporal.Instant.compare(opens, now) <= 0;
  });
}

/** Every key of a set with an end, whether it has opened or not; undefined for an open-ended one. */
export function allKeys(set: CalendarPartitions): string[] | undefined {
  return set.end === undefined ? undefined : keysWhile(set, () => true);
}

/** Whether the set covers the key: well-formed, not before its start, not after its end. */
export function covers(set: CalendarPartitions, key: string): boolean {
  const window = findWindow(set, key);
  if (window === undefined) return false;
  const { first, last } = boundsOf(set);
  if (Temporal.Instant.compare(window.end, first) <= 0) return false;
  return last === undefined || Temporal.Instant.compare(window.start, last) < 0;
}

/** The key `steps` hours, days, weeks or months later (or, when negative, earlier). Throws RangeError on a malformed key. */
export function shiftKey(set: CalendarPartitions, key: string, steps: number): string {
  return formatKey(set.unit, shiftStart(set.unit, parseKey(set.unit, key, set.timezone), steps));
}

/** The keys covered by `set` whose windows share time with `window`, in order. */
export function keysOverlapping(set: CalendarPartitions, window: Window): string[] {
  return keysWhile(set, (start) => Temporal.Instant.compare(start, window.end) < 0, window.start);
}

/** The set's keys in order, from the one that `from` lies in, for as long as they are wanted. */
function keysWhile(
  set: CalendarPartitions,
  wanted: (start: Temporal.Instant, next: Temporal.Instant) => boolean,
  from?: Temporal.Instant,
): string[] {
  const { first, last } = boundsOf(set);
  const keys: string[] = [];
  const begin = from !== undefined && Temporal.Instant.compare(from, first) > 0 ? from : first;
  let start = startOfUnit(set.unit, begin.toZonedDateTimeISO(set.timezone));
  for (;;) {
    if (last !== undefined && Temporal.Instant.compare(start.toInstant(), last) >= 0) return keys;
    const next = shiftStart(set.unit, start, 1);
    if (!wanted(start.toInstant(), next.toInstant())) return keys;
    keys.push(formatKey(set.unit, start));
    start = next;
  }
}

function findWindow(set: CalendarPartitions, key: string): Window | undefined {
  try {
    return windowOf(set, key);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function boundsOf(set: CalendarPartitions): { first: Temporal.Instant; last: Temporal.Instant | undefined } {
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(set.timezone).toInstant();
  const first = midnight(Temporal.PlainDate.from(set.start));
  const last =
    set.end === undefined ? undefined : midnight(Temporal.PlainDate.from(set.end).add({ days: 1 }));
  return { first, last };
}
