// How severe a line of a log is, in Cloud Logging's names.

/** From the least to the most severe. */
export const SEVERITIES = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a line says besides its message. */
export type LineFields = Record<string, unknown>;
