// Tests of redaction: in which forms a secret is known, and what is left alone.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const SECRET = 'p4ss/w+rd "ü"\n§end';
const redact = createRedactor([SECRET, "abc", "4711-xyz"]);

test.each([
  ["as it is", SECRET, "[redacted]"],
  ["without the line break of its file", SECRET.trim(), "[redacted]"],
  ["in a path or query", encodeURIComponent(SECRET), "[redacted]"],
  ["in a form", new URLSearchParams({ key: SECRET }).toString(), "key=[redacted]"],
  ["within JSON", JSON.stringify({ key: SECRET }), '{"key":"[redacted]"}'],
  ["in base64", Buffer.from(SECRET).toString("base64"), "[redacted]"],
  ["in base64 for URLs", Buffer.from(SECRET).toString("base64url"), "[redacted]"],
])("a secret is taken out %s", (_, text, expected) => {
  const lowerCase = text.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase());

  expect(redact(`before ${text} after ${text}`)).toBe(`before ${expected} after ${expected}`);
  expect(redact(lowerCase)).toBe(expected);
});

test.each(["", "u", "us", "use"])("a secret is taken out of the credentials of HTTP Basic for %j", (user) => {
  const credentials = Buffer.from(`${user}:a-long-password`).toString("base64");

  const text = createRedactor(["a-long-password"])(`Basic ${credentials}`);

  expect(text).toContain("[redacted]");
  expect(Buffer.from(text.replaceAll("[redacted]", ""), "base64").toString("latin1")).not.toContain(
    "password",
  );
});

test("a value of fewer than four characters is not looked for", () => {
  expect(redact("abc abcd")).toBe("abc abcd");
});

test("of two secrets the longer one is taken out whole", () => {
  expect(createRedactor(["hunter", "hunter2000"])("hunter2000 hunter")).toBe("[redacted] [redacted]");
});

test("the password in a URL is masked, also when no secret is known", () => {
  const mask = createRedactor([]);

  expect(mask("at postgres://user:se:cr@et@db.example:5432/main?x=1")).toBe(
    "at postgres://user:***@db.example:5432/main?x=1",
  );
  expect(mask("HTTPS://:token@host/a:b@c")).toBe("HTTPS://:***@host/a:b@c");
});

test.each([
  "http://host:8080/path@2x.png",
  "http://host:8080?mail=a@b",
  "https://user@host/",
  "12:30 me@example",
])("%s has no password and stays", (text) => {
  expect(createRedactor([])(text)).toBe(text);
});

test("no text that holds a secret keeps it", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  const secret = fc
    .string({ unit: "grapheme-ascii", minLength: 4, maxLength: 20 })
    .filter((each) => !"[redacted]".includes(each.trim()));
  fc.assert(
    fc.property(text, secret, text, (before, value, after) => {
      fc.pre(value.trim().length >= 4 && !`${before}[redacted]${after}`.includes(value));
      expect(createRedactor([value])(`${before} ${value} ${after}`)).not.toContain(value);
    }),
  );
});
