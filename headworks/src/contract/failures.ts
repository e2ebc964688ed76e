// Failures: failed tasks by what they have in common, retried, resolved, ignored.

import { z } from "zod";
import { REDRIVE_STATES } from "../domain/dispatch/redrive.ts";
import { FAILURE_STATES } from "../domain/settlement/failure.ts";
import { OUTCOMES } from "../domain/settlement/outcome.ts";
import { action, type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";
import { payload } from "./payload.ts";
import { runDetails } from "./runs.ts";

/** Tasks in an hour above which an ignored failure is open again. */
export const IGNORED_ABOVE = { min: 1, max: 1_000_000 } as const;

const name = z.string().min(1);
const instant = z.iso.datetime();
const note = z.string().min(1).max(10_000);
/** A fingerprint, or enough of its beginning to tell it from the others. */
const fingerprint = z.string().min(1).max(64).toLowerCase();

/** What is left out fits every failed task. */
export const failureFilter = z.strictObject({
  pipeline: name.optional(),
  phase: name.optional(),
  processor: name.optional(),
  partition: name.optional(),
  queue: name.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  fingerprint: fingerprint.optional().describe("of the failures whose fingerprint begins so"),
  since: instant.optional().describe("failed since then"),
  until: instant.optional().describe("failed before then"),
  text: z.string().min(1).max(1_000).optional().describe("the error says this, in capitals or not"),
});

const common = {
  processor: z.string(),
  partition: z.string(),
  outcome: z.enum(OUTCOMES),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  fingerprint: z.string().nullable().describe("null for what failed before there were fingerprints"),
  first_failed_at: instant.nullable(),
  failed_at: instant.nullable().describe("when it failed last"),
};

const failure = z
  .strictObject({
    ...common,
    state: z.enum(FAILURE_STATES),
    tasks: z.int().describe("failed tasks that fit"),
    count: z.int().describe("how often a task failed with it, those that have been retried since too"),
    processors: z.array(z.string()),
    note: z.string().nullable(),
    resolved_version: z.string().nullable().describe("the code version that still has the fault"),
    ignored_until: instant.nullable(),
    ignored_above: z.int().nullable().describe("tasks in an hour above which it is open again"),
  })
  .describe("processor, partition, outcome, reason and error are those of its latest task");

const failedTask = z.strictObject({
  ...common,
  id: z.int(),
  output_id: z.int(),
  queue: z.string(),
  failure_state: z.enum(FAILURE_STATES).nullable(),
  attempts_used: z.int(),
});

export const listFailures = question({
  name: "failures.list",
  summary:
    "List failed tasks, those that failed alike together; open failures first, then those of most tasks.",
  path: "/v1/failures",
  input: failureFilter.extend(pageInput),
  output: pageOf(failure),
});

export const showFailure = question({
  name: "failures.show",
  summary: "Show one failure and its tasks.",
  path: "/v1/failures/{fingerprint}",
  input: z.strictObject({ fingerprint, ...pageInput }),
  output: z.strictObject({
    fingerprint: z.string(),
    failure: failure.nullable().describe("null when none of its tasks is failed now"),
    tasks: pageOf(failedTask),
    details: runDetails
      .nullable()
      .describe("the last run of the first of these tasks; null when none of them is failed now"),
  }),
});

const retried = {
  ...failureFilter.shape,
  failure: fingerprint
    .optional()
    .describe("of this failure: its fingerprint, or an unambiguous beginning of it"),
  from: name
    .optional()
    .describe(
      "a processor or phase that they need: what they need of it runs again, and all that lies between",
    ),
};

export const countRetryable = question({
  name: "failures.retryable",
  summary: "Count the failed tasks that a retry would run again.",
  path: "/v1/failures/retryable",
  input: z.strictObject(retried),
  output: z.strictObject({
    tasks: z.int(),
    newest_id: z.int().describe("give it to the retry: tasks that fail after it stay failed"),
    outputs: z.int().nullable().describe("outputs that would run again with `from`; null without it"),
  }),
});

export const retryFailures = action({
  name: "failures.retry",
  summary:
    "Run failed tasks again, each with new attempts. More than one are a redrive, which goes on by itself.",
  path: "/v1/failures/retry",
  createsWork: true,
  input: z
    .strictObject({
      ...retried,
      all: z.boolean().default(false).describe("needed where nothing else says which"),
      newest_id: z.int().min(0).optional().describe("tasks that come after it stay failed"),
      rate: z
        .number()
        .positive()
        .optional()
        .describe("tasks per second; left out, as fast as that can be done"),
      payload: payload.optional().describe("for one task: JSON text that its run is given"),
    })
    .refine(isChosen, "choose which failed tasks to retry: a failure, a filter, or all")
    .refine(
      ({ from, rate, payload: given }) => from === undefined || (rate ?? given) === undefined,
      "from goes with neither a payload nor a rate",
    ),
  output: z.strictObject({
    retried: z.int().describe("tasks that are ready by now"),
    redrive: z.int().nullable().describe("null where none was needed"),
    state: z.enum(REDRIVE_STATES),
    outputs: z.int().nullable().describe("outputs that run again with `from`; null without it"),
  }),
});

export const resolveFailure = action({
  name: "failures.resolve",
  summary: "Say that a failure is fixed. It opens again when a task fails with it.",
  path: "/v1/failures/{fingerprint}/resolve",
  input: z.strictObject({
    fingerprint,
    note: note.describe("what was done"),
    code_version: z
      .string()
      .min(1)
      .optional()
      .describe("the one that still has the fault: what fails in it changes nothing"),
  }),
  output: z.strictObject({ fingerprint: z.string(), state: z.literal("resolved") }),
});

export const ignoreFailure = action({
  name: "failures.ignore",
  summary: "Leave a failure alone until a time, until it comes too often, or until either.",
  path: "/v1/failures/{fingerprint}/ignore",
  input: z
    .strictObject({
      fingerprint,
      until: instant.optional(),
      above: z
        .int()
        .min(IGNORED_ABOVE.min)
        .max(IGNORED_ABOVE.max)
        .optional()
        .describe("until more than so many tasks fail with it in an hour"),
      note: note.optional().describe("why"),
    })
    .refine(
      ({ until, above }) => (until ?? above) !== undefined,
      "choose when it ends: until, above, or both",
    ),
  output: z.strictObject({
    fingerprint: z.string(),
    state: z.literal("ignored"),
    ignored_until: instant.nullable(),
    ignored_above: z.int().nullable(),
  }),
});

function isChosen({
  all,
  failure: named,
  ...given
}: {
  all: boolean;
  failure?: string | undefined;
}): boolean {
  if (all || named !== undefined) return true;
  return Object.keys(failureFilter.shape).some((field) => given[field as keyof typeof given] !== undefined);
}

export type Failure = OutputOf<typeof listFailures>["items"][number];
export type FailedTask = OutputOf<typeof showFailure>["tasks"]["items"][number];
export type Retryable = OutputOf<typeof countRetryable>;
export type Retried = OutputOf<typeof retryFailures>;
