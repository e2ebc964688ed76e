// Tests of what is made storable: whatever a processor logs becomes plain JSON within its bounds.

import fc from "fast-check";
import { expect, test } from "vitest";
import { HeadworksError } from "../domain/error.ts";
import { MAX_FIELDS_BYTES, MAX_MESSAGE_BYTES, prepareLine } from "./line.ts";
import { createRedactor } from "./redact.ts";
import { storable } from "./storable.ts";

const asIs = (text: string) => text;
const store = (value: unknown) => storable(value, asIs, MAX_FIELDS_BYTES);

test("plain values stay as they are", () => {
  const value = { text: "a", number: 1.5, yes: true, none: null, list: [1, ["b"]], nested: { c: {} } };

  expect(store(value)).toEqual(value);
});

test.each([
  ["a large integer", 2n ** 70n, "1180591620717411303424"],
  ["no number", Number.NaN, "NaN"],
  ["infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["an address", new URL("http://a/b"), "http://a/b"],
  ["bytes", Buffer.from("abc"), "[3 bytes]"],
  ["a map", new Map([["a", new Set([1])]]), { a: [1] }],
  ["a function", function work() {}, "[function work]"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["what is undefined", { a: undefined, b: [undefined] }, { b: [null] }],
  ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["NUL and half a surrogate pair", { "k\0": "a\0b\ud800c" }, { "k␀": "a␀b\ufffdc" }],
])("%s is written readably", (_, value, expected) => {
  expect(store(value)).toEqual(expected);
});

test("an error is rendered with its code, its hint, its stack and its causes", () => {
  const cause = Object.assign(new TypeError("low"), { code: "ECONNRESET" });
  const error = new HeadworksError({ code: "HIGH", message: "high", hint: "do it", cause });

  expect(store({ error })).toEqual({
    error: {
      name: "HeadworksError",
      code: "HIGH",
      message: "high",
      hint: "do it",
      stack: error.stack,
      cause: { name: "TypeError", code: "ECONNRESET", message: "low", stack: cause.stack },
    },
  });
});

test("a circle, a deep nest and what throws when it is read are marked", () => {
  const circle: Record<string, unknown> = { a: 1 };
  circle.self = { circle };
  const throwing = {
    get bad() {
      throw new Error("no");
    },
    fine: 1,
  };
  const gone = Proxy.revocable({}, {});
  gone.revoke();

  expect(store(circle)).toEqual({ a: 1, self: { circle: "[circular]" } });
  expect(JSON.stringify(store(nested(50)))).toContain("[nested too deep]");
  expect(store({ throwing, gone: gone.proxy })).toEqual({
    throwing: { bad: "[unreadable]", fine: 1 },
    gone: "[unreadable]",
  });
});

test("the same object in two places is no circle", () => {
  const shared = { a: 1 };

  expect(store([shared, shared])).toEqual([shared, shared]);
});

test("a field named like the prototype is a field", () => {
  expect(JSON.stringify(store(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}');
});

test("what doesn't fit is cut with a mark, between characters", () => {
  const long = prepareLine("ü".repeat(10_000), { first: 1, long: "x".repeat(100_000), last: 2 }, asIs);
  const many = prepareLine("m", { items: Array.from({ length: 100_000 }, (_, index) => index) }, asIs);

  expect(long.message).toMatch(/^ü+ \[cut\]$/);
  expect(Buffer.byteLength(long.message)).toBe(MAX_MESSAGE_BYTES);
  expect(long.fields?.long).toMatch(/^x+ \[cut\]$/);
  expect(long.fields?.["…"]).toBe("[cut]");
  expect(many.fields?.items).toHaveProperty("0", 0);
  expect(JSON.stringify(many.fields)).toMatch(/,"\[cut\]"\]\}$/);
});

test("a secret is taken out before the cut, which would leave half of it", () => {
  const redact = createRedactor(["topsecret"]);
  const text = `${"x".repeat(MAX_MESSAGE_BYTES - 10)}topsecret${"y".repeat(100)}`;

  const line = prepareLine(text, { list: ["topsecret"], [text]: text }, redact);

  expect(JSON.stringify(line)).not.toContain("tops");
  expect(line.fields?.list).toEqual(["[redacted]"]);
});

test("a message that is no text, and fields that are no object, are logged as well as can be", () => {
  const error = new Error("failed");

  expect(prepareLine(error, undefined, asIs)).toMatchObject({
    message: "failed",
    fields: { error: { name: "Error" } },
  });
  expect(prepareLine({ a: 1 }, "text", asIs)).toEqual({ message: '{"a":1}', fields: { value: "text" } });
  expect(prepareLine(undefined, error, asIs)).toMatchObject({
    message: "null",
    fields: { error: { message: "failed" } },
  });
});

test("whatever is logged is valid JSON for PostgreSQL, within about its bounds", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withMap: true, withSet: true, withNullPrototype: true }),
      (value) => {
        const text = JSON.stringify(storable(value, asIs, 300));
        const read: unknown = JSON.parse(text);
        expect(JSON.stringify(read)).toBe(text);
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
        expect(text.length).toBeLessThan(2_000);
      },
    ),
  );
});

function nested(levels: number): object {
  return levels === 0 ? {} : { inner: nested(levels - 1) };
}
