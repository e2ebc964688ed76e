// Single values of rows: the one form in which equal values are equal texts, and which of them PostgreSQL can't hold although
// the schema took them.

import type { ColumnType } from "./columns.ts";

/** NUL and lone surrogates as JSON.stringify writes them, and not the same letters after an escaped backslash. */
const UNSTORABLE_TEXT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/;
const INSTANT = /^(?!0000)(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-](?:0\d|1[0-5])(?::?\d\d)?)$/;
const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The value in the form in which PostgreSQL compares it, so that keys, hashes and counts agree with the table: instants in
 * UTC with milliseconds, or with microseconds where they have some; UUIDs in small letters. Others are as they are.
 */
export function normalized(type: ColumnType, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (type === "timestamptz") return inUtc(value);
  return type === "uuid" ? value.toLowerCase() : value;
}

/** As it is where it is no instant: findFault tells. */
function inUtc(text: string): string {
  const [, minute, second = ":00", fraction = "", offset = "Z"] = INSTANT.exec(text) ?? [];
  if (minute === undefined) return text;
  const epochMs = Date.parse(`${minute}${second}${offset.replace(/^([+-]\d\d)(?::?(\d\d))?$/, withMinutes)}`);
  if (Number.isNaN(epochMs)) return text;
  const digits = fraction.replace(/0+$/, "").padEnd(3, "0");
  return `${new Date(epochMs).toISOString().slice(0, -5)}.${digits.length > 3 ? digits.padEnd(6, "0") : digits}Z`;
}

function withMinutes(_offset: string, hours: string, minutes = "00"): string {
  return `${hours}:${minutes}`;
}

/** JSON with the keys of objects in order, so that equal values have equal texts. Large integers become texts. */
export function canonicalJson(value: unknown): string | undefined {
  if (typeof value === "bigint") return `"${value}"`;
  if (typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(value, (_key, part) => (isPlainObject(part) ? inOrder(part) : part));
}

/** Why the value can't be kept in such a column, or undefined. It is normalized; `json` is its JSON. */
export function findFault(type: ColumnType, value: unknown, json: string | undefined): string | undefined {
  if (json === undefined) return `a ${typeof value} can't be kept`;
  if (!hasKind(type, value)) return `not a value for a column of type ${type}`;
  if (type === "timestamptz" && isTooFine(value))
    return "finer than a microsecond, which PostgreSQL can't keep";
  if ((typeof value === "string" || type === "jsonb") && UNSTORABLE_TEXT.test(json)) {
    return json.includes("\\u0000")
      ? "holds a NUL character, which PostgreSQL can't keep"
      : "holds half of a surrogate pair, which isn't valid Unicode";
  }
  return type === "jsonb" ? findLoss(value, "") : undefined;
}

/** What JSON would silently make something else of, with its path: `.a[0]: NaN can't be kept as JSON`. */
function findLoss(value: unknown, path: string): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return undefined;
  if (Array.isArray(value)) return findFirst(value.entries(), (index) => `${path}[${index}]`);
  if (isPlainObject(value)) {
    // A field that is undefined is one that isn't there; in a list it would become null.
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    return findFirst(fields, (name) => `${path}.${name}`);
  }
  const what = typeof value === "object" ? `a ${value.constructor.name}` : described(value);
  return `${path === "" ? "" : `${path}: `}${what} can't be kept as JSON`;
}

function findFirst<Step>(
  parts: Iterable<readonly [Step, unknown]>,
  pathOf: (step: Step) => string,
): string | undefined {
  for (const [step, part] of parts) {
    const loss = findLoss(part, pathOf(step));
    if (loss !== undefined) return loss;
  }
  return undefined;
}

function described(value: unknown): string {
  return typeof value === "number" || value === undefined ? String(value) : `a ${typeof value}`;
}

/** A schema may promise one thing and a transform after it give another; and PostgreSQL knows no year 0. */
function hasKind(type: ColumnType, value: unknown): boolean {
  switch (type) {
    case "text":
      return typeof value === "string";
    case "date":
      return typeof value === "string" && DAY.test(value);
    case "timestamptz":
      return typeof value === "string" && INSTANT.test(value) && isWithinYears(Date.parse(value));
    case "uuid":
      return typeof value === "string" && UUID.test(value);
    case "bigint":
      return Number.isSafeInteger(value);
    case "double precision":
      return Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "numeric":
      return typeof value === "bigint";
    case "jsonb":
      return typeof value !== "bigint";
  }
}

/** Normalized, it has as many digits as it needs. */
function isTooFine(instant: unknown): boolean {
  return typeof instant === "string" && instant.length > "2026-01-14T05:00:00.123456Z".length;
}

/** Offsets may carry an instant out of the years 1 to 9999, where its text has another form. */
function isWithinYears(epochMs: number): boolean {
  return epochMs >= FIRST_MS && epochMs <= LAST_MS;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function inOrder(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
