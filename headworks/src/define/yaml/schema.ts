// The one schema of a processors.yaml, and the JSON Schema made of it for editors.

import { z } from "zod";
import { CRITICALITIES } from "../../domain/criticality.ts";
import {
  breakerField,
  calendarField,
  completionTimeField,
  dayField,
  dependencyField,
  durationField,
  dynamicTimeoutField,
  frequencyField,
  nameField,
  recordRangeField,
  runField,
  timezoneField,
} from "./fields.ts";
import { retentionEntry } from "./retention.ts";
import { scheduleEntry } from "./schedules.ts";

const positive = z.number().min(0.001);
const atLeastOne = z.int().min(1);

const laneSettings = z.strictObject({
  weight: positive.optional().describe("Its share against other lanes that have work. Default 1."),
  maxDispatchesPerSecond: positive.optional().describe("Runs begun per second, over all processes."),
  maxBurstSize: atLeastOne.optional().describe("Runs that may begin at once after a pause."),
});

const queueSettings = z.strictObject({
  lanes: z.record(z.string(), laneSettings).optional().describe("Sub-queues by name; live is always there."),
  maxDispatchesPerSecond: positive.optional().describe("Runs begun per second, over all processes."),
  maxBurstSize: atLeastOne.optional().describe("Runs that may begin at once after a pause."),
  maxConcurrentDispatches: atLeastOne.optional().describe("Runs at once, over all processes."),
  maxAttempts: atLeastOne.optional().describe("Attempts before a task is failed. Default 5."),
  maxRetryDuration: durationField
    .optional()
    .describe("Retries go on for at least so long after the first attempt, also past maxAttempts."),
  minBackoff: durationField.optional().describe("The shortest wait before a retry, such as 10s (default)."),
  maxBackoff: durationField.optional().describe("The longest wait before a retry, such as 1h (default)."),
  maxDoublings: z
    .int()
    .min(0)
    .max(30)
    .optional()
    .describe("How often the wait doubles before it grows evenly. Default 5."),
  dispatchDeadline: durationField
    .optional()
    .describe("The timeout of processors that name none, such as 10m (default)."),
});

const processorEntry = z.strictObject({
  name: nameField.describe(
    "Its name: lower-case letters, digits and _, beginning with a letter, at most 63.",
  ),
  phase: z.string().describe("One of the phases listed above."),
  criticality: z
    .enum(CRITICALITIES)
    .optional()
    .describe("What a failure means to the product, and what runs first. Default normal."),
  dependencies: z
    .array(
      dependencyField.describe(
        "A processor's name, { processor: name, optional, accept, partitions }, or { any_of: [name, …] }.",
      ),
    )
    .optional()
    .describe("A list of what must be settled before this may run."),
  expected_frequency: frequencyField
    .optional()
    .describe(
      "once (default), hourly, daily, weekly or monthly; or { every: daily, timezone, start, end, opens }.",
    ),
  sla_completion_time: completionTimeField
    .optional()
    .describe(
      'When an output is overdue: a time of day on the day after its first ("03:00"), or so many days after ("2d 03:00").',
    ),
  timeout: durationField
    .optional()
    .describe("The one time limit of a run: a number and a unit, such as 90s, 30m or 6h."),
  dynamic_timeout: dynamicTimeoutField
    .optional()
    .describe(
      "A limit that follows how long successful runs take: { factor, floor, ceiling, samples }, or {}.",
    ),
  heartbeat: durationField
    .optional()
    .describe("A run that shows no progress for so long is stuck: a number and a unit, such as 5m."),
  breaker: breakerField
    .optional()
    .describe(
      "Leaves its tasks alone after failures: { failures, failure_rate, window, minimum, reset }, or {}.",
    ),
  recheck_every: durationField
    .optional()
    .describe("How often a task that waits for data looks again: a number and a unit. Default 15m."),
  give_up_after: durationField
    .optional()
    .describe("How long it waits before it is failed: a number and a unit. Default 3d."),
  queue: nameField.optional().describe("One of the queues listed above. Default: `default`, without limits."),
  expected_record_range: recordRangeField
    .optional()
    .describe("How many records a run ought to give: { min: 1, max: 500 }, or the min alone."),
  run: runField.describe('What does the work: { command: ["node", "scrape.mjs"] } or { http: "https://…" }.'),
});

/** What a processors.yaml must look like. */
export const registryFileSchema = z
  .strictObject({
    pipeline: nameField.describe("The pipeline's name: lower-case letters, digits and _."),
    phases: z
      .array(z.string().min(1))
      .min(1)
      .describe("A list of the stages of the pipeline, in the order in which they run."),
    timezone: timezoneField
      .optional()
      .describe(
        "The IANA zone of processors and schedules that name none, such as America/New_York. Default UTC.",
      ),
    start: dayField
      .optional()
      .describe("The first day covered by processors that name none, such as 2026-01-14 (year-month-day)."),
    queues: z
      .record(nameField, queueSettings.describe("Settings of a queue, in Cloud Tasks' names."))
      .optional()
      .describe(
        "Queues that processors may name (lower-case letters, digits and _), each with its settings, in Cloud Tasks' names.",
      ),
    processors: z
      .array(processorEntry.describe("A processor: one unit of work in a phase."))
      .min(1)
      .describe("A list of the processors, each beginning with `- name:`."),
    schedules: z
      .array(scheduleEntry.describe("A schedule: when processors are asked for, besides what is expected."))
      .optional()
      .describe("A list of schedules, each beginning with `- name:`."),
    retention: retentionEntry
      .optional()
      .describe("For how long what runs leave behind is kept: ages, each a number and a unit, such as 14d."),
  })
  .superRefine(requireStarts, { when: () => true })
  .describe("The processors of a Headworks pipeline.");

export type RegistryFile = z.output<typeof registryFileSchema>;
export type ProcessorEntry = RegistryFile["processors"][number];
export type DependencyEntry = NonNullable<ProcessorEntry["dependencies"]>[number];

/** The schema as JSON Schema (draft 7, which editors read best). */
export function registryFileJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(registryFileSchema, { target: "draft-7", io: "input" });
  return { $schema, title: "processors.yaml", ...rest };
}

const START_HINT =
  "write { every: daily, start: 2026-01-14 }, or a start for all processors at the top of the file";

const fileWithoutStart = z.looseObject({
  start: z.undefined().optional(),
  processors: z.array(z.unknown()),
});
const processorWithoutStart = z.looseObject({
  expected_frequency: z.union([
    calendarField,
    z.looseObject({ every: calendarField, start: z.undefined().optional() }),
  ]),
});

/** A calendar must begin somewhere. Files with other mistakes are looked at too, so that all are told at once. */
function requireStarts(file: unknown, context: z.RefinementCtx): void {
  const { data } = fileWithoutStart.safeParse(file);
  data?.processors.forEach((entry, index) => {
    if (!processorWithoutStart.safeParse(entry).success) return;
    const path = ["processors", index, "expected_frequency"];
    context.addIssue({
      code: "custom",
      path,
      message: "it does not say when it starts",
      params: { hint: START_HINT },
    });
  });
}
