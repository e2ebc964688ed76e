// The fingerprint of a failure: what stays the same of an error when only its numbers, names and places differ.

export interface FailureFace {
  outcome: string;
  reason: string | null;
  processor: string;
  /** What was thrown; null where nothing was, as at a timeout. */
  error: { name: string; code: string | null; message: string; stack: string | null } | null;
}

/** More of a message says what it is about, not what went wrong. */
const MESSAGE_LENGTH = 500;

/** Sixteen hexadecimal digits. Without an error it is the processor's way to end that is the same. */
export function fingerprintOf({ outcome, reason, processor, error }: FailureFace): string {
  const parts =
    error === null
      ? [outcome, reason ?? "", processor]
      : [error.name, error.code ?? "", normalizedMessage(error.message), topFrame(error.stack) ?? ""];
  return hash64(JSON.stringify(parts));
}

/** A message without what differs from one time to the next. */
export function normalizedMessage(message: string): string {
  return (
    message
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
      .slice(0, MESSAGE_LENGTH)
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
