// How severe a line of a log is.

/** From the least to the most severe; in Cloud Logging's names. */
export const SEVERITIES = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;
export type Severity = (typeof SEVERITIES)[number];
