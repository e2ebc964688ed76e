// One event as a line for a person: time, severity, processor[partition], message, fields; stacks on lines of their own.

import type { Writable } from "node:stream";
import { styleText } from "node:util";
import type { Severity } from "../domain/severity.ts";
import { unicodeEscape } from "./format-json.ts";
import type { LogEvent } from "./line.ts";
import type { Json } from "./storable.ts";

type Style = Parameters<typeof styleText>[0];

const COLOR = { DEBUG: "gray", INFO: "green", WARNING: "yellow", ERROR: "red" } as const satisfies Record<
  Severity,
  Style
>;
const WIDEST_SEVERITY = "WARNING".length;

/** C0 and C1 controls and DEL, line separators, and marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const SHORT_ESCAPES: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Writes an event for a terminal; in colors only if the stream is one that shows them and NO_COLOR isn't set. */
export function formatPretty(event: LogEvent, stream: Writable): string {
  const paint = (style: Style, text: string) => (text === "" ? "" : styleText(style, text, { stream }));
  const errors: RenderedError[] = [];
  const fields = Object.entries(event.fields ?? {}).map(([name, value]) => {
    if (isRenderedError(value)) errors.push(value);
    return `${paint("dim", `${escapeText(name)}=`)}${formatValue(value)}`;
  });
  const parts = [
    paint("dim", clockTime(event.at)),
    paint(COLOR[event.severity], event.severity.padEnd(WIDEST_SEVERITY)),
    paint("cyan", subjectOf(event)),
    escapeText(event.message),
    ...fields,
  ];
  const line = parts.filter((part) => part !== "").join(" ");
  return [line, ...errors.flatMap(stackLines).map((text) => paint("dim", `    ${text}`))].join("\n");
}

/** Local time, to the millisecond. */
function clockTime(at: Date): string {
  return `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

function subjectOf({ labels: { pipeline, processor, partition } }: LogEvent): string {
  if (processor === undefined) return escapeText(String(pipeline ?? ""));
  return escapeText(partition === undefined ? String(processor) : `${processor}[${partition}]`);
}

function formatValue(value: Json): string {
  if (isRenderedError(value)) return formatError(value);
  if (typeof value !== "string") return escapeText(JSON.stringify(value));
  return escapeText(value === "" || /[\s"=]/.test(value) ? JSON.stringify(value) : value);
}

interface RenderedError {
  name: string;
  message: string;
  stack: string;
  code?: Json;
  cause?: Json;
}

function isRenderedError(value: Json | undefined): value is Json & RenderedError {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return [value.name, value.message, value.stack].every((text) => typeof text === "string");
}

function formatError({ name, message, code }: RenderedError): string {
  const suffix = code === undefined ? "" : ` (${typeof code === "string" ? code : JSON.stringify(code)})`;
  return escapeText(JSON.stringify(`${name}: ${message}${suffix}`));
}

/** The frames, without the message again, then those of the cause. */
function stackLines(error: RenderedError): string[] {
  const frames = error.stack.split("\n").filter((text) => text.startsWith("    at "));
  const cause = isRenderedError(error.cause)
    ? [`caused by ${formatError(error.cause)}`, ...stackLines(error.cause)]
    : [];
  return [...frames.map((frame) => escapeText(frame.trim())), ...cause];
}

function escapeText(text: string): string {
  return text.replace(DANGEROUS, (character) => SHORT_ESCAPES[character] ?? unicodeEscape(character));
}
