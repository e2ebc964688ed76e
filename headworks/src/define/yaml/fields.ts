// The kinds of values that a processors.yaml is made of: names, durations, days, times, frequencies, needs and targets.

import { z } from "zod";
import { parseCron } from "../../domain/calendar/cron.ts";
import { isDay, isTimezone } from "../compile/partitions.ts";
import { MOST_SAMPLES } from "../dynamic-timeout.ts";

const shown = (input: unknown) => JSON.stringify(input);

/** A name as the ledger and the tables use it. */
export const nameField = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, {
  error: ({ input }) => `${shown(input)} can't be used as a name`,
});

/** A number and a unit, more than zero. */
export const durationField = z.string().regex(/^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h|d)$/, {
  error: ({ input }) => `${shown(input)} is not a duration`,
});

export const dayField = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: ({ input }) => `${shown(input)} is not a day`, abort: true })
  .refine(isDay, { error: ({ input }) => `there is no day ${input}` });

export const timezoneField = z
  .string()
  .refine(isTimezone, { error: ({ input }) => `there is no time zone ${shown(input)}` });

/** What is wrong with a pattern is said as it is for TypeScript. */
export const cronField = z.string().superRefine((text, context) => {
  try {
    parseCron(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
});

/** Days after the partition begins (one, when left out) and a time of day. */
export const completionTimeField = z.string().regex(/^(\d+d )?([01]\d|2[0-3]):[0-5]\d$/, {
  error: ({ input }) => `${shown(input)} is not a completion time`,
});

/** How often a calendar has a partition. */
export const calendarField = z.enum(["hourly", "daily", "weekly", "monthly"]);

export const frequencyField = z.union([
  z.enum(["once", ...calendarField.options]),
  z.strictObject({
    every: calendarField.describe("How often: hourly, daily, weekly or monthly."),
    timezone: timezoneField
      .optional()
      .describe("An IANA zone, such as America/New_York. Default: the file's."),
    start: dayField
      .optional()
      .describe("The first day covered, such as 2026-01-14 (year-month-day). Default: the file's."),
    end: dayField
      .optional()
      .describe("The last day covered, such as 2026-06-30 (year-month-day). Open when left out."),
    opens: z
      .enum(["start", "end"])
      .optional()
      .describe("When a partition comes to be expected: at the start of its time, or at its end (default)."),
  }),
]);

const partitionsField = z.union([
  z.literal("every"),
  z.strictObject({
    trailing: z.int().min(1).describe("This partition and those before it, so many in all."),
  }),
  z.strictObject({ preceding: z.int().min(1).describe("So many partitions before this one.") }),
]);

const needFields = {
  processor: nameField.describe("The name of the processor that is needed."),
  accept: z
    .literal("degraded")
    .optional()
    .describe("`degraded`: an output that fell short will do too. Without it, it won't."),
  partitions: partitionsField
    .optional()
    .describe(
      "Which of its partitions: { trailing: 7 }, { preceding: 1 } or every. Default: the one of the same time.",
    ),
};

export const dependencyField = z.union([
  nameField,
  z.strictObject({
    ...needFields,
    optional: z
      .boolean()
      .optional()
      .describe("Whether an output that is settled in any way will do, a failed one too. Default false."),
  }),
  z.strictObject({
    any_of: z
      .array(z.union([nameField, z.strictObject(needFields)]).describe("A name, or { processor: name, … }."))
      .min(1)
      .describe("Whichever of these comes first: a source and its fallbacks."),
  }),
]);

const texts = z.record(z.string(), z.string());

export const runField = z.union([
  z.strictObject({
    command: z
      .union([
        z
          .string()
          .regex(/^\S+$/, { error: ({ input }) => `${shown(input)} has spaces, and no shell will split it` }),
        z.tuple([z.string().min(1)], z.string()),
      ])
      .describe(
        'The program and its arguments as a list, such as ["node", "scrape.mjs"]. No shell reads it.',
      ),
    directory: z
      .string()
      .min(1)
      .optional()
      .describe("Where it runs, relative to this file. Default: this file's directory."),
    env: texts
      .optional()
      .describe("Environment variables, each a text: put numbers and true or false in quotes."),
  }),
  z.strictObject({
    http: z
      .url({ protocol: /^https?$/, error: ({ input }) => `${shown(input)} is not an address` })
      .describe("The address that each run is posted to, with http:// or https://."),
    headers: texts.optional().describe("Headers sent with each request, each a text."),
  }),
]);

export const recordRangeField = z.union([
  z.int().min(0),
  z.strictObject({
    min: z.int().min(0).describe("The fewest records that are right; fewer leave the output degraded."),
    max: z.int().min(0).optional().describe("The most that are plausible; more are flagged."),
  }),
]);

export const dynamicTimeoutField = z.strictObject({
  factor: z
    .number()
    .min(1)
    .optional()
    .describe("So many times as long as 95 of 100 successful runs take. Default 3."),
  floor: durationField.optional().describe("The shortest it may become. Default 30s."),
  ceiling: durationField.optional().describe("The longest it may become. Default: the timeout."),
  samples: z
    .int()
    .min(1)
    .max(MOST_SAMPLES)
    .optional()
    .describe("Successful runs before it counts. Default 20."),
});

export const breakerField = z.strictObject({
  failures: z.int().min(1).optional().describe("Failures in a row that open it. Default 5."),
  failure_rate: z
    .number()
    .min(0.01)
    .max(1)
    .optional()
    .describe("The share of failures that opens it as well. Off when left out."),
  window: durationField.optional().describe("The time over which the share is taken. Default 60s."),
  minimum: z.int().min(1).optional().describe("Results that the share needs at least. Default 20."),
  reset: durationField
    .optional()
    .describe("How long it stays open before one run is let out to see. Default 60s."),
});
