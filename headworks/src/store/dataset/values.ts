// Single values of rows: how they are written as JSON, and which of them PostgreSQL can't hold although the schema took them.

import type { ColumnType } from "./columns.ts";

/** NUL and lone surrogates as JSON.stringify writes them, and not the same letters after an escaped backslash. */
const UNSTORABLE_TEXT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/;
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-](?:0\d|1[0-5])(?::?\d\d)?)$/;
const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** JSON with the keys of objects in order, so that equal values have equal texts. Large integers become texts. */
export function canonicalJson(value: unknown): string | undefined {
  if (typeof value === "bigint") return `"${value}"`;
  if (typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(value, (_key, part) => (isPlainObject(part) ? inOrder(part) : part));
}

/** Why the value can't be kept in such a column, or undefined. `json` is the value's JSON. */
export function findFault(type: ColumnType, value: unknown, json: string | undefined): string | undefined {
  if (json === undefined) return `a ${typeof value} can't be kept`;
  if (!hasKind(type, value)) return `not a value for a column of type ${type}`;
  if ((typeof value === "string" || type === "jsonb") && UNSTORABLE_TEXT.test(json)) {
    return json.includes("\\u0000")
      ? "holds a NUL character, which PostgreSQL can't keep"
      : "holds half of a surrogate pair, which isn't valid Unicode";
  }
  return undefined;
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

/** Offsets may carry an instant out of the years 1 to 9999, where its text has another form. */
function isWithinYears(epochMs: number): boolean {
  return epochMs >= FIRST_MS && epochMs <= LAST_MS;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inOrder(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
