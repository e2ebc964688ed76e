// Reads what follows the colon of a fault's spec: days, numbers and `name=value` options.

import { type DayRange, isDay, overlap } from "../days.ts";
import type { SourceRequest } from "../source/routing.ts";

/** The parts of a spec such as `outage:2026-01-10..2026-01-12,requests=3`. */
export interface FaultArguments {
  /** What is not an option: `2026-01-10..2026-01-12`; empty when there is none. */
  readonly value: string;
  readonly options: ReadonlyMap<string, string>;
}

/** Splits the text at its commas. Throws when it has two values, or the same option twice. */
export function splitArguments(text: string): FaultArguments {
  const parts = text === "" ? [] : text.split(",");
  const options = new Map<string, string>();
  let value = "";
  for (const part of parts) {
    const [name = "", ...rest] = part.split("=");
    if (rest.length === 0) {
      if (value !== "" || part === "") throw new Error(`"${part}" is one value too many`);
      value = part;
    } else {
      if (options.has(name)) throw new Error(`the option "${name}" is given twice`);
      options.set(name, rest.join("="));
    }
  }
  return { value, options };
}

/** A range of days: `2026-01-10..2026-01-12`, `2026-01-10..12` within a month, or a single day. */
export function dayRange({ value }: FaultArguments): DayRange {
  const [from = "", end = from, ...more] = value.split("..");
  const to = /^\d{2}$/.test(end) ? `${from.slice(0, 8)}${end}` : end;
  if (more.length > 0 || !isDay(from) || !isDay(to)) throw new Error(`"${value}" is not a range of days`);
  if (to < from) throw new Error(`the range ${value} ends before it begins`);
  return { from, to };
}

/** Whether the request is about one of these days; one that belongs to no day never is. */
export function concerns(request: SourceRequest, days: DayRange): boolean {
  return request.days !== undefined && overlap(request.days, days);
}

/** A whole number of requests, 1 or more. */
export function requestCount({ options }: FaultArguments, fallback: number): number {
  const text = options.get("requests");
  if (text === undefined) return fallback;
  return positive(text, "requests", Number.isInteger);
}

/** A share from 0 to 1. */
export function shareOf({ options }: FaultArguments, fallback: number): number {
  const text = options.get("share") ?? String(fallback);
  const share = numberIn(text);
  if (!(share >= 0 && share <= 1)) throw new Error(`share=${text} is not a number from 0 to 1`);
  return share;
}

/** A number above 0, perhaps a whole one. */
export function positive(
  text: string,
  name: string,
  accepts: (value: number) => boolean = Number.isFinite,
): number {
  const value = numberIn(text);
  if (!(value > 0) || !accepts(value)) throw new Error(`${name} cannot be "${text}"`);
  return value;
}

function numberIn(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
