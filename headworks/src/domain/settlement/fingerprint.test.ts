// Tests of fingerprints: what may differ, and what may not.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type FailureFace, fingerprintOf, normalizedMessage, topFrame } from "./fingerprint.ts";

const face: FailureFace = {
  outcome: "error",
  reason: "thrown",
  processor: "raw",
  error: { name: "TypeError", code: null, message: "", stack: null },
};
const withMessage = (message: string, stack: string | null = null): FailureFace => ({
  ...face,
  error: { name: "TypeError", code: null, message, stack },
});
const word = fc.stringMatching(/^[g-z]{1,12}$/);
const quotable = fc.stringMatching(/^[A-Za-z0-9 .:/-]{0,20}$/);

test("numbers, ids, dates, queries and quoted texts don't change a fingerprint", () => {
  const varying = fc.record({
    count: fc.nat(),
    id: fc.uuid(),
    at: fc.date({ min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
    query: fc.stringMatching(/^[a-z0-9=&]{0,20}$/),
    name: quotable,
  });
  fc.assert(
    fc.property(word, varying, varying, (said, a, b) => {
      const message = (of: typeof a) =>
        `can't ${said} ${of.count} of ${of.id} since ${of.at.toISOString()} at https://host/page?${of.query} for "${of.name}", it's '${of.name}'`;
      expect(fingerprintOf(withMessage(message(a)))).toBe(fingerprintOf(withMessage(message(b))));
    }),
  );
});

test("other words, another class, another code and another place do", () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      fc.pre(a !== b);
      const one = fingerprintOf(withMessage(a, `Error\n    at ${a} (/app/x.ts:1:1)`));
      expect(fingerprintOf(withMessage(b, `Error\n    at ${a} (/app/x.ts:1:1)`))).not.toBe(one);
      expect(fingerprintOf(withMessage(a, `Error\n    at ${b} (/app/x.ts:1:1)`))).not.toBe(one);
      const error = { name: a, code: null, message: "m", stack: null };
      const named = fingerprintOf({ ...face, error });
      expect(fingerprintOf({ ...face, error: { ...error, name: b } })).not.toBe(named);
      expect(fingerprintOf({ ...face, error: { ...error, code: b } })).not.toBe(named);
    }),
  );
});

test("the same error on another machine, some lines further down, is the same", () => {
  const here =
    "TypeError: x\n    at async read (file:///home/one/app/src/games.ts:12:7)\n    at main (/a.ts:1:1)";
  const there = "TypeError: x\n    at read (C:\\work\\app\\src\\games.ts:99:1)";

  expect(topFrame(here)).toBe("read (games.ts)");
  expect(topFrame(there)).toBe("read (games.ts)");
  expect(topFrame("E\n    at node:internal/fs:1:1\n    at /srv/app/own.ts:3:4")).toBe("own.ts");
  expect(topFrame("no frames")).toBeUndefined();
});

test("a short form of a message can be read", () => {
  expect(normalizedMessage("the response to GET http://127.0.0.1:4610/box/0022500155?a=1 doesn't fit")).toBe(
    "the response to GET http://<n>:<n>/box/<n> doesn't fit",
  );
});

test("without an error, each processor's way to end is its own", () => {
  const stalled = { outcome: "timeout", reason: "stalled", processor: "raw", error: null };

  expect(fingerprintOf(stalled)).toBe(fingerprintOf({ ...stalled }));
  expect(fingerprintOf({ ...stalled, processor: "other" })).not.toBe(fingerprintOf(stalled));
  expect(fingerprintOf({ ...stalled, reason: "hard" })).not.toBe(fingerprintOf(stalled));
});

test("a fingerprint is sixteen hexadecimal digits, whatever the message", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (message, stack) => {
      expect(fingerprintOf(withMessage(message, stack))).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
});
