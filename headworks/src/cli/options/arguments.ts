// Reads the values of options, and refuses what isn't one with a hint that shows how it is written.

import { findDurationMs } from "../../domain/duration.ts";
import { HeadworksError } from "../../domain/error.ts";

/** Parses `10s`, `5m` into milliseconds. Throws OPTION_INVALID. */
export function durationOption(text: string): number {
  const ms = findDurationMs(text);
  if (ms !== undefined) return ms;
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

/** Parses a number per second, more than 0. Throws OPTION_INVALID. */
export function rateOption(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw invalid(`"${text}" is not a rate`, "write a number per second, such as 10 or 0.5");
}

function invalid(message: string, hint: string): HeadworksError {
  return new HeadworksError({ code: "OPTION_INVALID", message, hint });
}
