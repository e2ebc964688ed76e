// Makes copies of rejected rows that PostgreSQL can keep as JSON, whatever junk they hold, and none too large.

/** Characters of JSON that are kept of a rejected row. */
const ROW_CHARACTERS = 8_000;
const ERROR_CHARACTERS = 1_000;

/** The row as plain JSON; its beginning as a text when it is too large, and a description when JSON has no such thing. */
export function rejectedRow(row: unknown): unknown {
  const json = tryJson(row);
  if (json === undefined || json === "null") return `(${describe(row)})`;
  if (json.length > ROW_CHARACTERS)
    return `${storable(json.slice(0, ROW_CHARACTERS))}… (${json.length} characters)`;
  return JSON.parse(json);
}

/** An error's text, of bounded length and free of what PostgreSQL can't keep. */
export function shortened(error: string): string {
  const text = storable(error);
  return text.length > ERROR_CHARACTERS ? `${storable(text.slice(0, ERROR_CHARACTERS))}…` : text;
}

/** Undefined when the row can't be written: it refers to itself, or its own toJSON fails. */
function tryJson(row: unknown): string | undefined {
  try {
    return JSON.stringify(row, (_key, value) => {
      if (typeof value === "bigint") return String(value);
      if (typeof value === "string") return storable(value);
      // What JSON would make null or {} of is what the row was rejected for.
      if (typeof value === "number" && !Number.isFinite(value)) return String(value);
      if (value instanceof Map || value instanceof Set) return `(a ${value.constructor.name})`;
      return hasUnstorableKey(value) ? withStorableKeys(value) : value;
    });
  } catch {
    return undefined;
  }
}

function hasUnstorableKey(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).some((key) => storable(key) !== key);
}

function withStorableKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), inner]));
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

function describe(row: unknown): string {
  if (row === null || row === undefined) return String(row);
  return `a ${typeof row} that can't be written as JSON`;
}
