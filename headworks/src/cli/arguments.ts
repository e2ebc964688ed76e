// Reads the values of options, and refuses what isn't one with a hint that shows how it is written.

import { findDurationMs } from "../domain/duration.ts";
import { HeadworksError } from "../domain/error.ts";

/** A duration as it was written, and in milliseconds. */
export interface DurationOption {
  ms: number;
  /** So that help shows the default as one writes it. */
  toString(): string;
}

/** Parses `10s`, `5m`. Throws OPTION_INVALID. */
export function durationOption(text: string): DurationOption {
  const ms = findDurationMs(text);
  if (ms !== undefined) return { ms, toString: () => text };
  throw invalid(`"${text}" is not a duration`, 'write a number and a unit, such as "500ms", "10s" or "5m"');
}

/** Parses whole numbers within bounds, both inclusive. Throws OPTION_INVALID. */
export function wholeOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw invalid(`"${text}" is not a whole number from ${min} to ${max}`, `write one, such as ${min}`);
  };
}

function invalid(message: string, hint: string): HeadworksError {
  return new HeadworksError({ code: "OPTION_INVALID", message, hint });
}
