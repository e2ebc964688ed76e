// Tests of payloads: what is taken, what is refused, and where the fault is said to be.

import fc from "fast-check";
import { expect, test } from "vitest";
import { HeadworksError } from "../error.ts";
import { checkPayload, MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "./payload.ts";

function refusalOf(text: string): { code: string; message: string } | undefined {
  try {
    checkPayload(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof HeadworksError)) throw error;
    return { code: error.code, message: error.message };
  }
}

test("every JSON value of well-formed text is taken", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "grapheme-composite", noUnicodeString: false }), (text) => {
      expect(refusalOf(text)).toBeUndefined();
    }),
  );
});

test.each([
  ["a NUL character", '"a\\u0000b"', '""'],
  ["a NUL character", '{"list":[1,{"a/b~c":"\\u0000"}]}', '"/list/1/a~1b~0c"'],
  ["half of a surrogate pair", '{"ok":"\\ud83d\\ude00","bad":"\\ud83d"}', '"/bad"'],
  ["half of a surrogate pair", '{"first":["\\udc00"],"second":"\\udc00"}', '"/first/0"'],
  ["a NUL character", '{"key\\u0000":1}', '"/key\\u0000"'],
])("%s is refused, with its place: %s", (what, text, pointer) => {
  expect(refusalOf(text)).toEqual({
    code: "PAYLOAD_INVALID",
    message: `the payload has ${what} at ${pointer}`,
  });
});

test("exactly 1 MiB is taken, a byte more is not, and bytes are counted, not characters", () => {
  const fitting = JSON.stringify("x".repeat(MAX_PAYLOAD_BYTES - 2));
  expect(refusalOf(fitting)).toBeUndefined();
  expect(refusalOf(`${fitting} `)?.code).toBe("PAYLOAD_TOO_LARGE");
  expect(refusalOf(JSON.stringify("é".repeat(MAX_PAYLOAD_BYTES / 2)))?.code).toBe("PAYLOAD_TOO_LARGE");
});

test("nesting is refused before it can exhaust anybody's stack", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(refusalOf(nested(MAX_PAYLOAD_DEPTH))).toBeUndefined();
  expect(refusalOf(nested(MAX_PAYLOAD_DEPTH + 1))?.message).toContain("within each other");
  expect(refusalOf(nested(100_000))?.code).toBe("PAYLOAD_INVALID");
});

test.each(["", "{", "undefined", "{a: 1}", "'x'"])("what is no JSON is refused: %s", (text) => {
  expect(refusalOf(text)).toMatchObject({
    code: "PAYLOAD_INVALID",
    message: expect.stringContaining("no JSON"),
  });
});
