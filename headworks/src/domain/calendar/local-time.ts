// Local times to instants by arithmetic, where a zone's clock isn't changed nearby: a lot of partitions takes no calendar library.

import { Temporal } from "temporal-polyfill";
import type { CalendarUnit } from "./partition-key.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Beyond these, no list of a zone's changes is whole. */
const FIRST_MS = Date.UTC(1970, 0, 1);
const LAST_MS = Date.UTC(2037, 0, 1);

/** From one change of a zone's clock (inclusive) to the next (exclusive), in epoch milliseconds. */
interface Span {
  from: number;
  to: number;
  offsetMs: number;
}

const FORMS: Partial<Record<CalendarUnit, RegExp>> = {
  hour: /^(\d{4})-(\d{2})-(\d{2})T(\d{2})([+-])(\d{2}):(\d{2})$/,
  day: /^(\d{4})-(\d{2})-(\d{2})$/,
};

const spans = new Map<string, Span>();

/**
 * The epoch milliseconds at which a zone's clock shows `localMs` (the local time as if it were UTC), or undefined where
 * that can't be told by arithmetic: within a day of a change of the clock, and in years whose changes aren't all known.
 */
export function epochOfLocal(timezone: string, localMs: number): number | undefined {
  if (timezone === "UTC") return localMs;
  if (localMs < FIRST_MS || localMs > LAST_MS) return undefined;
  let span = spans.get(timezone);
  if (span === undefined || !holds(span, localMs - span.offsetMs)) {
    span = spanAround(timezone, localMs);
    spans.set(timezone, span);
  }
  const epochMs = localMs - span.offsetMs;
  return epochMs >= span.from + DAY_MS && epochMs < span.to - DAY_MS ? epochMs : undefined;
}

/** Where a partition begins: by the zone's clock (as if that were UTC) and in epoch milliseconds; and how long it is. */
export interface PlainStart {
  localMs: number;
  epochMs: number;
  lengthMs: number;
}

/** The start of an hour or a day, or undefined where it takes more than arithmetic, or where the key may be malformed. */
export function plainStart(unit: CalendarUnit, key: string, timezone: string): PlainStart | undefined {
  const named = FORMS[unit]?.exec(key);
  if (named == null) return undefined;
  const [, year, month, day, hour, sign, hours, minutes] = named;
  const localMs = localMsOf(Number(year), Number(month), Number(day), Number(hour ?? 0));
  const epochMs = localMs === undefined ? undefined : epochOfLocal(timezone, localMs);
  if (localMs === undefined || epochMs === undefined) return undefined;
  if (unit === "day") return { localMs, epochMs, lengthMs: DAY_MS };
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === "-" ? -1 : 1);
  if (localMs - epochMs !== offsetMs || (sign === "-" && offsetMs === 0)) return undefined;
  return { localMs, epochMs, lengthMs: HOUR_MS };
}

/** Undefined for a date that isn't in the calendar, or before the year 100. */
function localMsOf(year: number, month: number, day: number, hour: number): number | undefined {
  if (year < 100 || hour > 23) return undefined;
  const localMs = Date.UTC(year, month - 1, day, hour);
  const shown = new Date(localMs);
  return shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day ? localMs : undefined;
}

function holds({ from, to }: Span, epochMs: number): boolean {
  return epochMs >= from && epochMs < to;
}

function spanAround(timezone: string, localMs: number): Span {
  const at = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO(timezone);
  // The change at this very moment is the one before, since "previous" leaves the moment itself out.
  const before = at.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  const after = at.getTimeZoneTransition("next");
  return {
    from: before?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: after?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: at.offsetNanoseconds / 1e6,
  };
}
