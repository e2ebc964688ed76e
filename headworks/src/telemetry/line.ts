// What is logged: a line and what it is about, made ready to be written anywhere (bounded, storable, without secrets).

import type { Severity } from "../domain/severity.ts";
import type { Redactor } from "./redact.ts";
import { cutText, type Json, storable, storableText } from "./storable.ts";

/** Longer messages are cut: 8 KiB of UTF-8. */
export const MAX_MESSAGE_BYTES = 8 * 1024;
/** What doesn't fit of a line's fields is left out: 16 KiB of UTF-8. */
export const MAX_FIELDS_BYTES = 16 * 1024;

/** A message and its fields that need no further care. */
export interface PreparedLine {
  message: string;
  fields: { [name: string]: Json } | null;
}

/** What a line is about. `trace` is the id of its trace, 32 hex digits. */
type LabelName =
  | "pipeline"
  | "phase"
  | "processor"
  | "partition"
  | "namespace"
  | "run"
  | "attempt"
  | "outcome"
  | "trace";
export type Labels = { readonly [name in LabelName]?: string | number | undefined };

/** A line as the formats get it. */
export interface LogEvent extends PreparedLine {
  severity: Severity;
  /** When it was logged. */
  at: Date;
  labels: Labels;
}

/** Prepares a line. Processors may be written in JavaScript, so it never throws, whatever it is given. */
export function prepareLine(message: unknown, fields: unknown, redact: Redactor): PreparedLine {
  if (message instanceof Error) return prepareLine(message.message, fields ?? message, redact);
  const text =
    typeof message === "string" ? message : JSON.stringify(storable(message, redact, MAX_MESSAGE_BYTES));
  return {
    message: cutText(storableText(redact(text)), MAX_MESSAGE_BYTES),
    fields: fields === undefined ? null : prepareFields(fields, redact),
  };
}

function prepareFields(fields: unknown, redact: Redactor): { [name: string]: Json } {
  if (fields instanceof Error) return prepareFields({ error: fields }, redact);
  const json = storable(fields, redact, MAX_FIELDS_BYTES);
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : { value: json };
}
