// Collects everything that is wrong with a configuration, so that all of it is told at once.

import { type Duration, findDurationMs } from "../../domain/duration.ts";
import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";
import type { Problem } from "../registry.ts";

/** Gathers problems under a place ("processor box_scores › needs[0]"). */
export class Problems {
  readonly list: Problem[] = [];

  add(where: string, code: string, message: string, hint: string): void {
    this.list.push({ code, where, message, hint });
  }

  /** The duration in milliseconds; a malformed one is noted and 0 given, since nothing runs on a configuration with problems. */
  durationMs(where: string, text: Duration | undefined, fallbackMs: number): number {
    if (text === undefined) return fallbackMs;
    const ms = findDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    this.add(
      where,
      "BAD_DURATION",
      `"${text}" is not a duration`,
      'write a number and a unit, such as "90s", "30m", "6h" or "2d"',
    );
    return fallbackMs;
  }

  /** The number itself when it is within the bounds (inclusive); otherwise noted. */
  number(where: string, value: number | undefined, bounds: { min: number; max?: number }): void {
    if (value === undefined) return;
    const { min, max = Number.POSITIVE_INFINITY } = bounds;
    if (Number.isFinite(value) && value >= min && value <= max) return;
    const range = bounds.max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
    this.add(where, "BAD_NUMBER", `${value} is out of range`, `write a number ${range}`);
  }

  name(where: string, name: string): void {
    if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return;
    this.add(
      where,
      "BAD_NAME",
      `"${name}" can't be used as a name`,
      "use lower-case letters, digits and _, beginning with a letter, at most 63",
    );
  }
}

/** Thrown when a configuration can't be used; `problems` has every reason. */
export class ConfigurationError extends HeadworksError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      (problem) => `  ${problem.where}: ${problem.message}\n    → ${problem.hint} [${problem.code}]`,
    );
    super({
      code: "CONFIGURATION_INVALID",
      message: `the configuration has ${plural(problems.length, "mistake")}:\n${lines.join("\n")}`,
      hint: "fix what is listed, then run the command again",
    });
    this.problems = problems;
  }
}
