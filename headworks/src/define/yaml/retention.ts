// The ages in a processors.yaml: their schema, and the retention that is made of them.

import { z } from "zod";
import type { Duration } from "../../domain/duration.ts";
import { type Retention, type RetentionOptions, retain } from "../retention.ts";
import { durationField } from "./fields.ts";

const age = (what: string) => durationField.optional().describe(`${what}: a number and a unit, such as 14d.`);

export const retentionEntry = z.strictObject({
  successes: age("Runs with the outcome success, by default 90d"),
  failures: age("All other runs, by default 180d"),
  logs: age("Lines that runs logged, by default 30d"),
  metrics: age("What runs measured, by default 90d"),
  rejected_rows: age("Rows that didn't fit their schema, by default 30d"),
  events: age("What the engine noticed, by default 180d"),
  audit: age("What people did, by default 730d"),
  archive: age("Responses in the archive that a newer one has replaced, by default for ever"),
  artifacts: age("Artifacts, from when they were last written, by default for ever"),
});

/** Undefined where the file has none: the defaults hold. */
export function defineRetention(entry: z.output<typeof retentionEntry> | undefined): Retention | undefined {
  if (entry === undefined) return undefined;
  const { rejected_rows: rejectedRows, ...others } = entry;
  const declared = Object.entries({ ...others, rejectedRows }).flatMap(([name, text]) =>
    // The schema has checked that it is one.
    text === undefined ? [] : [[name, text as Duration] as const],
  );
  return retain(Object.fromEntries(declared) as RetentionOptions);
}
