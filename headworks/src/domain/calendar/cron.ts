// Cron patterns: five fields, read into the minutes, hours and days that they mean, or refused with what is wrong.

import { plural } from "../plural.ts";

/** What a pattern means. Months are 1 to 12, weekdays 1 (Monday) to 7. */
export interface CronPattern {
  minutes: readonly number[];
  hours: readonly number[];
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Both days and weekdays are restricted: a date that fits one of them will do, as in every cron. */
  eitherDay: boolean;
}

interface Field {
  name: string;
  min: number;
  max: number;
  /** Names of its values, from `min` on. */
  names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly [Field, Field, Field, Field, Field] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: MONTHS },
  // 0 and 7 are both Sunday.
  { name: "day of the week", min: 0, max: 7, names: WEEKDAYS },
];
const SHORT_FORMS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
};

/** Reads `minute hour day month weekday`. Throws RangeError that says which field is wrong, and how. */
export function parseCron(text: string): CronPattern {
  const parts = (SHORT_FORMS[text.trim()] ?? text).trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    const counted = parts[0] === "" ? 0 : parts.length;
    throw new RangeError(`"${text}" has ${plural(counted, "field")}, not 5`);
  }
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = parts;
  const [minutes, hours, days, months, weekdays] = FIELDS;
  return {
    minutes: valuesOf(minutes, minute),
    hours: valuesOf(hours, hour),
    days: new Set(valuesOf(days, day)),
    months: new Set(valuesOf(months, month)),
    weekdays: new Set(valuesOf(weekdays, weekday).map((value) => (value === 0 ? 7 : value))),
    eitherDay: !day.startsWith("*") && !weekday.startsWith("*"),
  };
}

function valuesOf(field: Field, text: string): number[] {
  const values = text.split(",").flatMap((entry) => entryValues(field, entry));
  return [...new Set(values)].sort((a, b) => a - b);
}

/** `*`, `5`, `1-5`, `mon-fri`, and steps through a range: a star or `8-20`, a slash and the step. */
function entryValues(field: Field, entry: string): number[] {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/.exec(entry);
  if (match === null) throw wrong(field, entry, "can't be read");
  const [, star, first = "", last, step] = match;
  if (step !== undefined && star === undefined && last === undefined) {
    throw wrong(field, entry, "has a step without a range to go through");
  }
  const from = star === undefined ? numberOf(field, first) : field.min;
  const to = star === undefined ? (last === undefined ? from : endOf(field, last, from)) : field.max;
  if (to < from) throw wrong(field, entry, "ends before it begins");
  const by = step === undefined ? 1 : Number(step);
  if (!/^\d+$/.test(step ?? "1") || by < 1 || by > field.max) {
    throw wrong(field, entry, `has a step that is no number from 1 to ${field.max}`);
  }
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

/** A week may end on Sunday by its name: `fri-sun`. */
function endOf(field: Field, text: string, from: number): number {
  const value = numberOf(field, text);
  return field.max === 7 && value === 0 && from > 0 ? 7 : value;
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= field.min && value <= field.max) return value;
  throw wrong(field, text, `is none: ${field.min} to ${field.max}`);
}

function wrong(field: Field, entry: string, what: string): RangeError {
  return new RangeError(`as the ${field.name}, "${entry}" ${what}`);
}
