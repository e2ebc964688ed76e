// Takes secrets out of texts: the values it is told, as they are and as they are commonly encoded, and passwords in URLs.

/** Gives the text without secrets. */
export type Redactor = (text: string) => string;

const REDACTED = "[redacted]";

/** A shorter value would take too much that is no secret out with it. */
const SHORTEST_SECRET = 4;
/** Base64 of a secret within a longer text is looked for only if this much of it doesn't depend on its neighbors. */
const SHORTEST_BASE64 = 8;

// Bounded, so that a long text of letters is read once and not once for each of them.
const PASSWORD_IN_URL = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/?#]{0,255}):[^\s/?#]{1,1024}@/gi;

/** Makes a redactor of secret values; those of fewer than four characters are left alone. */
export function createRedactor(values: readonly string[]): Redactor {
  const forms = [...new Set(values.flatMap(formsOf))].sort((one, other) => other.length - one.length);
  if (forms.length === 0) return maskPasswords;
  const secrets = new RegExp(forms.map(escapeForRegExp).join("|"), "g");
  return (text) => maskPasswords(text.replace(secrets, REDACTED));
}

function maskPasswords(text: string): string {
  return text.includes("://") ? text.replace(PASSWORD_IN_URL, "$1:***@") : text;
}

/** A secret as it may be met. A value read from a file often ends in a line break that isn't sent. */
function formsOf(value: string): string[] {
  const wellFormed = value.toWellFormed();
  return [...new Set([wellFormed, wellFormed.trim()])]
    .filter((text) => text.length >= SHORTEST_SECRET)
    .flatMap((text) => [text, jsonForm(text), ...urlForms(text), ...base64Forms(text)]);
}

function jsonForm(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** In a path or query, and as a form sends it; with upper-case and lower-case digits. */
function urlForms(text: string): string[] {
  const forms = [encodeURIComponent(text), new URLSearchParams([["", text]]).toString().slice(1)];
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase())]);
}

/** Alone, and within a longer text such as `user:password`, where it may begin at any of three places of a group. */
function base64Forms(text: string): string[] {
  const whole = Buffer.from(text).toString("base64");
  const within = [0, 1, 2].map((offset) => base64Within(text, offset));
  const forms = [whole, whole.replace(/=+$/, ""), ...within.filter((form) => form.length >= SHORTEST_BASE64)];
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** The characters that are the same whatever comes before and after. */
function base64Within(text: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString("base64").slice(first, last);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
