// Tests of the vocabulary of outcomes and reasons.

import { expect, test } from "vitest";
import { OUTCOMES, REASONS } from "./outcome.ts";

test("the outcomes are the six of the design, in no other spelling", () => {
  expect([...OUTCOMES].sort()).toEqual(
    ["success", "no_data_available", "dependency_missing", "validation_failed", "timeout", "error"].sort(),
  );
});

test("every outcome says which reasons refine it", () => {
  expect(Object.keys(REASONS).sort()).toEqual([...OUTCOMES].sort());
});

test.each(OUTCOMES)("the reasons of %s are stable codes, each named once", (outcome) => {
  const reasons: readonly string[] = REASONS[outcome];
  expect(new Set(reasons).size).toBe(reasons.length);
  for (const reason of reasons) expect(reason).toMatch(/^[a-z]+(_[a-z]+)*$/);
});

test.each([
  ["success", "unchanged"],
  ["validation_failed", "below_expected"],
  ["validation_failed", "unexpected_empty"],
  ["validation_failed", "rows_rejected"],
  ["timeout", "hard"],
  ["timeout", "stalled"],
  ["error", "crashed"],
  ["error", "lease_lost"],
] as const)("the settlement table's %s / %s has its code", (outcome, reason) => {
  expect(REASONS[outcome]).toContain(reason);
});
