// Arrays as PostgreSQL reads them. The driver puts every element into quotes and looks for some within; most need none.

/** Numbers, and nulls among them. */
export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** Texts, and nulls among them. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : element(value))).join(",")}}`;
}

/** Identifiers, partitions and the like stay as they are. */
function element(text: string): string {
  if (/^[\w:.+-]+$/.test(text) && !/^null$/i.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
