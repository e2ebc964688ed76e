// Makes plain, bounded JSON of whatever a processor logs: nothing in it throws, nothing in it PostgreSQL refuses.

import type { Redactor } from "./redact.ts";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Where something was left out, and why. */
const CUT = "[cut]";
const CIRCULAR = "[circular]";
const TOO_DEEP = "[nested too deep]";
const UNREADABLE = "[unreadable]";

const DEEPEST = 10;
/** What a number, a name or a bracket is taken to need, in bytes. */
const SMALL_COST = 8;

interface Walk {
  redact: Redactor;
  /** Bytes that may still be used. */
  left: number;
  /** The objects that the value at hand lies in. */
  within: object[];
}

/** The value as JSON of about `maxBytes` at most; what doesn't fit is replaced by `[cut]`. Never throws. */
export function storable(value: unknown, redact: Redactor, maxBytes: number): Json {
  return walk(value, { redact, left: maxBytes, within: [] }) ?? null;
}

/** The text with what PostgreSQL can't store (NUL, halves of surrogate pairs) replaced by visible stand-ins. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u2400");
}

/** The beginning of the text that fits, with a mark if that isn't all. `maxBytes` counts UTF-8, with the mark. */
export function cutText(text: string, maxBytes: number): string {
  // No character needs more than three bytes for each of its UTF-16 units.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const mark = ` ${CUT}`;
  const room = new Uint8Array(Math.max(0, maxBytes - mark.length));
  return text.slice(0, new TextEncoder().encodeInto(text, room).read) + mark;
}

/** Undefined for what JSON leaves out. */
function walk(value: unknown, walking: Walk): Json | undefined {
  switch (typeof value) {
    case "string":
      return spendText(value, walking);
    case "number":
      return spendNumber(value, walking);
    case "boolean":
      walking.left -= SMALL_COST;
      return value;
    case "undefined":
      return undefined;
    case "object":
      return value === null ? null : walkObject(value, walking);
    case "bigint":
    case "symbol":
      return spendText(String(value), walking);
    case "function":
      return `[function ${value.name}]`;
  }
}

/** Redacted first: a secret that is cut in two would no longer be known. */
function spendText(text: string, walking: Walk): string {
  const kept = cutText(storableText(walking.redact(text)), Math.max(CUT.length + 1, walking.left));
  walking.left -= Buffer.byteLength(kept) + SMALL_COST;
  return kept;
}

function spendNumber(value: number, walking: Walk): Json {
  walking.left -= SMALL_COST;
  const text = String(value);
  const redacted = walking.redact(text);
  return redacted === text && Number.isFinite(value) ? value : redacted;
}

function walkObject(value: object, walking: Walk): Json | undefined {
  if (walking.within.includes(value)) return CIRCULAR;
  if (walking.within.length >= DEEPEST) return TOO_DEEP;
  walking.within.push(value);
  walking.left -= SMALL_COST;
  try {
    const plain = plainForm(value);
    if (plain !== value) return walk(plain, walking);
    return Array.isArray(value) ? walkItems(value, walking) : walkEntries(value, walking);
  } catch {
    // A getter, a toJSON or a proxy of the processor's that throws.
    return UNREADABLE;
  } finally {
    walking.within.pop();
  }
}

function walkItems(items: readonly unknown[], walking: Walk): Json[] {
  const kept: Json[] = [];
  for (const item of items) {
    if (walking.left <= 0) return [...kept, CUT];
    kept.push(walk(item, walking) ?? null);
  }
  return kept;
}

function walkEntries(value: object, walking: Walk): Json {
  const kept: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    if (walking.left <= 0) {
      kept.push(["…", CUT]);
      break;
    }
    const json = walk(read(value, name), walking);
    if (json !== undefined) kept.push([spendText(name, walking), json]);
  }
  return Object.fromEntries(kept);
}

function read(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return UNREADABLE;
  }
}

/** What to write instead of objects whose own properties don't say what they are. */
function plainForm(value: object): unknown {
  if (value instanceof Error) return plainError(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), item]));
  if (value instanceof Set) return [...value];
  if ("toJSON" in value && typeof value.toJSON === "function") return value.toJSON();
  return value;
}

function plainError(error: Error): object {
  return {
    name: error.name,
    message: error.message,
    code: "code" in error ? error.code : undefined,
    hint: "hint" in error ? error.hint : undefined,
    stack: error.stack,
    errors: error instanceof AggregateError ? error.errors : undefined,
    cause: error.cause,
  };
}
