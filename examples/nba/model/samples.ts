// Rows as numbers in a fixed order, and the day from which on they are held back to validate with.

import { numberIn } from "./linear-model.ts";

/** A row has the day it is of (`YYYY-MM-DD`). */
export interface DatedRow {
  readonly date: string;
}

/** A row's numbers: its features, in the order asked for, and its target. */
export interface Sample extends DatedRow {
  readonly values: Float64Array;
  readonly target: number;
}

/** The samples in order of day. Throws RangeError when a feature or target is not a finite number. */
export function samplesOf(
  rows: readonly DatedRow[],
  features: readonly string[],
  target: string,
): readonly Sample[] {
  return rows
    .map((row) => ({
      date: row.date,
      values: Float64Array.from(features, (feature) => numberIn(row, feature)),
      target: numberIn(row, target),
    }))
    .sort(inOrder);
}

/**
 * The first day of the last `share` of the days: whole days, so that no game is on both sides.
 * At least one day is held back and one is left. Throws RangeError when the samples are of fewer than two.
 */
export function validationStart(samples: readonly Sample[], share: number): string {
  const days = [...new Set(samples.map(({ date }) => date))];
  const held = Math.min(days.length - 1, Math.max(1, Math.round(days.length * share)));
  const from = days.length < 2 ? undefined : days.at(-held);
  if (from === undefined) throw new RangeError(`rows of two days or more are needed, not of ${days.length}`);
  return from;
}

// By all of their numbers, so that sums, down to the last digit, don't depend on the order of the rows.
function inOrder(a: Sample, b: Sample): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  const differing = a.values.findIndex((value, at) => value !== b.values[at]);
  return (a.values[differing] ?? a.target) - (b.values[differing] ?? b.target);
}
