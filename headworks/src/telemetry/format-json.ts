// One event as a line of JSON in Cloud Logging's field names; other collectors read `severity`, `time` and `trace` too.

import type { LogEvent } from "./line.ts";
import type { Json } from "./storable.ts";

/** Source: Cloud Logging, "Structured logging", special JSON fields. */
const LABELS = "logging.googleapis.com/labels";
const TRACE = "logging.googleapis.com/trace";
const OURS = new Set(["severity", "message", "time", "trace", LABELS, TRACE]);

/** Writes an event as JSON, without a line break. Fields stand beside ours; one of the same name gets a `_` after it. */
export function formatJson(event: LogEvent): string {
  const { trace, ...labels } = event.labels;
  const traced = trace === undefined ? {} : { trace, [TRACE]: trace };
  const line = JSON.stringify({
    severity: event.severity,
    message: event.message,
    time: event.at.toISOString(),
    ...traced,
    [LABELS]: textsOf(labels),
    ...renamed(event.fields ?? {}),
  });
  return escapeControls(line);
}

function textsOf(labels: object): Record<string, string> | undefined {
  const known = Object.entries(labels).filter(([, value]) => value !== undefined);
  return known.length === 0
    ? undefined
    : Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

function renamed(fields: { [name: string]: Json }): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [OURS.has(name) ? `${name}_` : name, value]),
  );
}

/** JSON escapes what is below a space; a terminal also obeys what follows DEL, and some readers break lines at U+2028. */
function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029]/g, unicodeEscape);
}

/** Such as `\u009b`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
