// retain(): for how long what runs leave behind is kept.

import type { Duration } from "../domain/duration.ts";
import { DEFAULT_RETENTION, type Retention as RetentionAges } from "../domain/retention.ts";
import type { Problems } from "./compile/problems.ts";

export interface RetentionOptions {
  /** Runs with the outcome `success`. Default 90d. */
  successes?: Duration;
  /** All other runs. Default 180d. */
  failures?: Duration;
  /** Lines that runs logged. Default 30d. */
  logs?: Duration;
  /** What runs measured. Default 90d. */
  metrics?: Duration;
  /** Rows that didn't fit their schema. Default 30d. */
  rejectedRows?: Duration;
  /** What the engine noticed. Default 180d. */
  events?: Duration;
  /** What people did. Default 730d. */
  audit?: Duration;
  /** Responses in the archive that a newer one has replaced. Default: for ever. */
  archive?: Duration;
  /** Artifacts, from when they were last written. Default: for ever. */
  artifacts?: Duration;
}

/** Ages. Made with {@link retain}. */
export interface Retention {
  kind: "retention";
  options: RetentionOptions;
}

/** Declares for how long what runs leave behind is kept: the export `retention` of a configuration. */
export function retain(options: RetentionOptions): Retention {
  return { kind: "retention", options };
}

const NAMES = [
  "successes",
  "failures",
  "logs",
  "metrics",
  "rejectedRows",
  "events",
  "audit",
  "archive",
  "artifacts",
] as const;

/** Those that stay for ever unless an age is declared. */
type Lasting = "archive" | "artifacts";

/** The ages in milliseconds, with the defaults filled in. */
export function compileRetention(declared: Retention | undefined, problems: Problems): RetentionAges {
  const options = declared?.options ?? {};
  for (const name of Object.keys(options).filter((each) => !NAMES.some((known) => known === each))) {
    problems.add(
      `retention › ${name}`,
      "UNKNOWN_AGE",
      "there is no such age",
      `write one of ${NAMES.join(", ")}`,
    );
  }
  const age = (name: Exclude<(typeof NAMES)[number], Lasting>) =>
    problems.durationMs(`retention › ${name}`, options[name], DEFAULT_RETENTION[`${name}Ms`]);
  const lasting = (name: Lasting) =>
    options[name] === undefined ? undefined : problems.durationMs(`retention › ${name}`, options[name], 0);
  return {
    successesMs: age("successes"),
    failuresMs: age("failures"),
    logsMs: age("logs"),
    metricsMs: age("metrics"),
    rejectedRowsMs: age("rejectedRows"),
    eventsMs: age("events"),
    auditMs: age("audit"),
    archiveMs: lasting("archive"),
    artifactsMs: lasting("artifacts"),
  };
}
