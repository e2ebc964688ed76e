// Schedules decide when work is created: which slots are due, which of the missed ones run, how much later for jitter.

import { Temporal } from "temporal-polyfill";
import type { CronPattern } from "./cron.ts";
import { slotsAfter } from "./cron-slots.ts";
import {
  type CalendarPartitions,
  covers,
  keyAt,
  SINGLE_KEY,
  type SinglePartition,
  shiftKey,
} from "./partitions.ts";

/** What becomes of slots that nobody was there for: none run, the last one runs, or all. */
export const MISSED_POLICIES = ["skip", "latest", "all"] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** Which of a processor's partitions a slot means: the newest that is open, or the one of so many days before. */
export type SlotPartition = "newest" | { daysBack: number };

/** A slot leads to requests, or was missed and is not made up for. */
export const SLOT_STATES = ["due", "skipped"] as const;
export type SlotState = (typeof SLOT_STATES)[number];

/** From each state of a request, those it may move to. `pending`: jitter, or something that runs, is waited for. */
export const REQUEST_TRANSITIONS = {
  pending: ["asked", "dropped"],
  asked: [],
  dropped: [],
  no_partition: [],
} as const;
export type RequestState = keyof typeof REQUEST_TRANSITIONS;
export const REQUEST_STATES = Object.keys(REQUEST_TRANSITIONS) as readonly RequestState[];

/** A slot found so late, in milliseconds, was missed. */
const ON_TIME_MS = 60_000;
/** Older slots are not made up for, nor recorded. */
export const MISSED_LIMIT_MS = 7 * 86_400_000;
/** So many slots at once are made up for, and so many recorded as skipped: the latest ones. */
export const MISSED_LIMIT = 1_000;

export interface SlotDecision {
  /** In order; epoch milliseconds. */
  due: number[];
  skipped: number[];
  /** When to decide again; undefined when the pattern never comes up again. */
  next: number | undefined;
}

/** Which slots after `decidedUntil`, up to `now`, lead to work. All in epoch milliseconds. */
export function decideSlots(
  pattern: CronPattern,
  timezone: string,
  policy: MissedPolicy,
  decidedUntil: number,
  now: number,
): SlotDecision {
  const found: number[] = [];
  let next: number | undefined;
  for (const slot of slotsAfter(pattern, timezone, Math.max(decidedUntil, now - MISSED_LIMIT_MS))) {
    if (slot > now) {
      next = slot;
      break;
    }
    found.push(slot);
  }
  const due = found.filter((slot, index) => {
    if (now - slot <= ON_TIME_MS) return true;
    if (policy === "all") return index >= found.length - MISSED_LIMIT;
    return policy === "latest" && index === found.length - 1;
  });
  const isDue = new Set(due);
  return { due, skipped: found.filter((slot) => !isDue.has(slot)).slice(-MISSED_LIMIT), next };
}

/** How much later than its slot a schedule asks, in milliseconds below `jitterMs`: the same in every process. */
export function jitterOf(schedule: string, slot: number, jitterMs: number): number {
  if (jitterMs <= 0) return 0;
  let hash = 0x811c9dc5;
  for (const character of `${schedule} ${slot}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  // Neighboring slots differ in their last digits only: these are spread over all bits (the finalizer of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * jitterMs);
}

/** The partition that a slot means; undefined when the set has none for it: before its start, after its end. */
export function partitionAt(
  set: CalendarPartitions | SinglePartition,
  wanted: SlotPartition,
  slot: number,
): string | undefined {
  if (set.kind === "single") return SINGLE_KEY;
  const at = Temporal.Instant.fromEpochMilliseconds(slot).toZonedDateTimeISO(set.timezone);
  const key =
    wanted === "newest"
      ? newestOpen(set, at)
      : keyAt(set, at.subtract({ days: wanted.daysBack }).toInstant());
  return covers(set, key) ? key : undefined;
}

function newestOpen(set: CalendarPartitions, at: Temporal.ZonedDateTime): string {
  const current = keyAt(set, at.toInstant());
  return set.opens === "start" ? current : shiftKey(set, current, -1);
}
