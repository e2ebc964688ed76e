// The fingerprint of a cause: what stays the same of an ending when only its numbers, names and places differ.

import { SINGLE_KEY } from "../calendar/partitions.ts";

/** How a run ended, as far as it tells one cause from another. */
export interface CauseFace {
  outcome: string;
  reason: string | null;
  processor: string;
  partition: string;
  /** The processor of the output that the run waits for by name; null where it waits for none. */
  waitsFor: string | null;
  /** What was thrown; null where nothing was, as at a timeout. */
  error: { name: string; code: string | null; message: string; stack: string | null } | null;
  /** What the run said of its ending where it threw nothing. */
  note: string | null;
}

/** Ended from outside: what the handler said or threw on the way out differs from one time to the next. */
const ENDED_FROM_OUTSIDE = new Set(["hard", "stalled", "expired", "crashed", "lease_lost", "abandoned"]);
/** Shorter parts of a partition's key are words of any message. */
const NAME_LENGTH = 3;

/** More of a message says what it is about, not what went wrong. */
const MESSAGE_LENGTH = 500;

/**
 * Sixteen hexadecimal digits. The same error of two processors has one fingerprint: a fault of what they share is one
 * failure. Without an error it is the processor's way to end that is the same. With the processor it names a cause.
 */
export function fingerprintOf(face: CauseFace): string {
  return hash64(JSON.stringify([face.outcome, face.reason ?? "", ...partsOf(face)]));
}

function partsOf({ reason, processor, partition, waitsFor, error, note }: CauseFace): string[] {
  if (reason !== null && ENDED_FROM_OUTSIDE.has(reason)) return [processor];
  if (error === null) return [processor, waitsFor ?? "", normalizedMessage(note ?? "", partition)];
  const message = normalizedMessage(error.message, partition);
  return [error.name, error.code ?? "", message, topFrame(error.stack) ?? ""];
}

/** A message without what differs from one time to the next, and from one partition to the next. */
export function normalizedMessage(message: string, partition = SINGLE_KEY): string {
  return withoutPartition(withoutValues(message), partition).slice(0, MESSAGE_LENGTH);
}

/** The names in a partition's key go last: its numbers and dates have gone as those of all messages do. */
function withoutPartition(message: string, partition: string): string {
  if (partition === SINGLE_KEY) return message;
  const encoded = encodeURIComponent(partition.toWellFormed());
  const names = [partition, encoded, ...partition.split("|")].filter((part) => part.length >= NAME_LENGTH);
  return names.map(withoutValues).filter(saysMore).reduce(replaceWhole, message);
}

/** Whether there is anything left of a name without its values. */
function saysMore(name: string): boolean {
  return /\p{L}/u.test(name.replaceAll(/<\w+>/g, ""));
}

function replaceWhole(text: string, name: string): string {
  const literal = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "giu"), "<partition>");
}

function withoutValues(text: string): string {
  return (
    text
      .replace(/(\bhttps?:\/\/[^\s?#"'`]*)[?#][^\s"'`]*/gi, "$1")
      .replace(/"[^"]*"|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, "<text>")
      .replace(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<date>")
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "<id>")
      .replace(/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, "<id>")
      .replace(/[-+]?\d+(?:[.,_]\d+)*/g, "<n>")
      // A number that has eight digits or more looks like an id: the two are one, or its length would tell.
      .replace(/<id>/g, "<n>")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** Function and file of the first frame that isn't Node's own, without line and folder: those differ by machine and by edit. */
export function topFrame(stack: string | null): string | undefined {
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const frame = frames.find((line) => !/\bnode:/.test(line)) ?? frames[0];
  return frame
    ?.trim()
    .replace(/^at (?:async )?/, "")
    .replace(/(?::\d+){1,2}(\)?)$/, "$1")
    .replace(/(?:file:\/\/)?(?:[a-z]:)?[^\s()]*[/\\]/gi, "");
}

/** Two mixed lanes of 32 bits: for telling apart, not for security. */
function hash64(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  const mixed = (a: number, b: number) =>
    Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
  return hex(mixed(high, low)) + hex(mixed(low, high));
}
