// Reads a line that a command printed: plain text, or a JSON object in Cloud Logging's names.

import type { LogSeverity } from "./request.ts";

/** Cloud Logging's severities, and the names that logging libraries have for them. */
const SEVERITIES: Readonly<Record<string, LogSeverity>> = {
  TRACE: "debug",
  DEBUG: "debug",
  DEFAULT: "info",
  INFO: "info",
  NOTICE: "info",
  WARN: "warn",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "error",
  FATAL: "error",
  ALERT: "error",
  EMERGENCY: "error",
};

export interface LogLine {
  severity: LogSeverity;
  message: string;
  fields?: Record<string, unknown>;
}

/** A JSON object with a `message` is taken apart into severity, message and fields; every other line is its own message. */
export function readLogLine(line: string, fallback: LogSeverity): LogLine {
  const object = findObject(line);
  if (object === undefined || typeof object.message !== "string")
    return { severity: fallback, message: line };
  const { message, severity, ...fields } = object;
  return {
    // Anything may be there, also an object that can't be made a text of.
    severity: (typeof severity === "string" && SEVERITIES[severity.toUpperCase()]) || fallback,
    message,
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
}

function findObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{") || !line.endsWith("}")) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
