// Parses JSON without rounding: an integer that a JavaScript number can't hold becomes a bigint.

import { append } from "./append.ts";

/** Digits in a row that may be too many for a number. Texts of ids match it too; they then only take the slower way. */
const MANY_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

export interface ExactJson {
  value: unknown;
  /** What each integer that became a bigint would have been rounded to, with its digits. */
  rounded: ReadonlyMap<number, string>;
}

const NOTHING_ROUNDED: ReadonlyMap<number, string> = new Map();

/** Throws SyntaxError for what isn't JSON. */
export function parseExactly(text: string): ExactJson {
  if (!MANY_DIGITS.test(text)) return { value: JSON.parse(text), rounded: NOTHING_ROUNDED };
  const rounded = new Map<number, string>();
  const reviver = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    if (source === undefined || !INTEGER.test(source)) return value;
    const exact = BigInt(source);
    if (Number.isFinite(value) && BigInt(value) === exact) return value;
    rounded.set(value, source);
    return exact;
  };
  return { value: JSON.parse(text, reviver), rounded };
}

/** `JSON.rawJSON`, which the types of the language don't have yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON of what {@link parseExactly} gave, with all digits of its integers. */
export function writeExactly(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? rawJSON(String(part)) : part));
}

/** The digits of an integer that `value` holds rounded, as a coercion to a number leaves it; undefined where there is none. */
export function findRounded(value: unknown, rounded: ReadonlyMap<number, string>): string | undefined {
  if (rounded.size === 0) return undefined;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "number" && rounded.has(next)) return rounded.get(next);
    if (typeof next === "object" && next !== null)
      append(left, next instanceof Map ? next.values() : Object.values(next));
  }
  return undefined;
}
