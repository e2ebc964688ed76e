// Tests of fingerprints: what may differ, and what may not.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type CauseFace, fingerprintOf, normalizedMessage, topFrame } from "./fingerprint.ts";

const face: CauseFace = {
  outcome: "error",
  reason: "thrown",
  processor: "raw",
  partition: "all",
  waitsFor: null,
  error: { name: "TypeError", code: null, message: "", stack: null },
  note: null,
};
const withMessage = (message: string, stack: string | null = null): CauseFace => ({
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
  const stalled = { ...face, outcome: "timeout", reason: "stalled", error: null };

  expect(fingerprintOf(stalled)).toBe(fingerprintOf({ ...stalled }));
  expect(fingerprintOf({ ...stalled, processor: "other" })).not.toBe(fingerprintOf(stalled));
  expect(fingerprintOf({ ...stalled, reason: "hard" })).not.toBe(fingerprintOf(stalled));
});

const day = fc.date({ min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true });
const date = day.map((at) => at.toISOString().slice(0, 10));
const slug = fc.stringMatching(/^[a-z]{3,8}(-[a-z0-9]{1,6}){1,3}$/);
/** The keys of one partitioning are of one form. */
const keysOfOneForm = fc.oneof(
  fc.tuple(date, date),
  fc.tuple(slug, slug),
  fc.tuple(date, slug, date, slug).map(([a, b, c, d]) => [`${a}|${b}`, `${c}|${d}`] as const),
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => [`tournament:${a}`, `tournament:${b}`] as const),
  fc.tuple(fc.uuid(), fc.uuid()),
);

test.each([
  ["as it is", (key: string) => `no page of ${key}: it has gone`],
  ["quoted", (key: string) => `no page of "${key}": it has gone`],
  ["in brackets", (key: string) => `the output raw[${key}] isn't there yet`],
  ["in an address", (key: string) => `GET https://host:8080/v1/${encodeURIComponent(key)}/rows answered 503`],
  ["part by part", (key: string) => `nothing in ${key.split("|").join(" of ")}`],
])("one cause isn't split by a partition that its message names %s", (_how, message) => {
  fc.assert(
    fc.property(keysOfOneForm, ([one, other]) => {
      const of = (partition: string) => ({ ...withMessage(message(partition)), partition });
      expect(fingerprintOf(of(one))).toBe(fingerprintOf(of(other)));
      const said = (partition: string) => ({
        ...face,
        outcome: "dependency_missing",
        reason: "declared",
        error: null,
        partition,
        note: message(partition),
      });
      expect(fingerprintOf(said(one))).toBe(fingerprintOf(said(other)));
    }),
  );
});

test("a partition whose key is short, or a number, leaves the words of a message alone", () => {
  expect(normalizedMessage("a page of 7 rows at all", "a")).toBe("a page of <n> rows at all");
  expect(normalizedMessage("a page of 7 rows at all", "7")).toBe("a page of <n> rows at all");
  expect(normalizedMessage("a page of 7 rows at all")).toBe("a page of <n> rows at all");
});

test.each([
  ["what it said", { note: "the list of games isn't out" }, { note: "the season is over" }],
  ["what it waits for", { waitsFor: "schedule" }, { waitsFor: "games" }],
  ["its reason", { reason: "declared" }, { reason: "quota_exhausted" }],
  ["its outcome", { outcome: "dependency_missing" }, { outcome: "no_data_available" }],
  ["its processor", { processor: "raw" }, { processor: "games" }],
])("where nothing was thrown, %s tells causes apart", (_what, one, other) => {
  const said: CauseFace = { ...face, outcome: "dependency_missing", reason: "declared", error: null };

  expect(fingerprintOf({ ...said, ...one })).not.toBe(fingerprintOf({ ...said, ...other }));
});

test.each(["hard", "stalled", "expired", "crashed", "lease_lost", "abandoned"])(
  "a run that ended from outside (%s) has one cause, whatever it said or threw on its way out",
  (reason) => {
    const ended: CauseFace = { ...face, outcome: "timeout", reason, error: null, note: "no end after 30s" };
    const late = {
      name: "AbortError",
      code: null,
      message: "aborted",
      stack: "Error\n    at read (/a.ts:1:1)",
    };

    expect(fingerprintOf({ ...ended, error: late, note: "no end after 30s, at 4 of 9" })).toBe(
      fingerprintOf(ended),
    );
    expect(fingerprintOf({ ...ended, processor: "other" })).not.toBe(fingerprintOf(ended));
  },
);

test("an error of one reason isn't that of another, and is the same in every processor", () => {
  const thrown = withMessage("cannot read");

  expect(fingerprintOf({ ...thrown, processor: "other" })).toBe(fingerprintOf(thrown));
  expect(fingerprintOf({ ...thrown, outcome: "validation_failed" })).not.toBe(fingerprintOf(thrown));
});

test("a fingerprint is sixteen hexadecimal digits, whatever the message", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (message, stack) => {
      expect(fingerprintOf(withMessage(message, stack))).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
});
