// Tests of the settlement table, row by row as the design states it: the runs that came to no result.

import { describe, expect, test } from "vitest";
import type { Expectation } from "./expectation.ts";
import { type RunReport, type SettlementPolicy, settle, type TaskHistory } from "./settle.ts";

const NOW = 1_768_400_000_000;
const HOUR = 3_600_000;
const fresh: TaskHistory = { attemptsUsed: 0, deathsAlone: 0, retriedForMs: 0, waitingSince: null };
const policy: SettlementPolicy = {
  maxAttempts: 3,
  maxRetryDurationMs: 0,
  backoff: { minBackoffMs: 1_000, maxBackoffMs: 60_000, maxDoublings: 4 },
  recheckEveryMs: HOUR,
  giveUpAfterMs: 24 * HOUR,
  maxRejectedShare: 0.1,
  countsRecords: true,
};

const unknown: Expectation = { kind: "unknown" };

interface Case {
  history?: Partial<TaskHistory>;
  policy?: Partial<SettlementPolicy>;
}

function settled(report: RunReport, given: Case = {}) {
  const history = { ...fresh, ...given.history };
  return settle(report, unknown, history, { ...policy, ...given.policy }, NOW, () => 0.5);
}

test("success / unchanged leaves output and rows as they were, and uses an attempt", () => {
  expect(settled({ kind: "unchanged" })).toEqual({
    outcome: "success",
    reason: "unchanged",
    task: { to: "deleted" },
    output: "as_it_was",
    vouchedBy: null,
    rows: "discarded",
    usesAttempt: true,
  });
});

describe.each([
  ["timeout / hard", { kind: "timed_out", reason: "hard" }, { outcome: "timeout", reason: "hard" }],
  ["timeout / stalled", { kind: "timed_out", reason: "stalled" }, { outcome: "timeout", reason: "stalled" }],
  ["error", { kind: "threw" }, { outcome: "error", reason: "thrown" }],
] as const)("%s", (_row, report, named) => {
  test("is tried again with backoff, uses an attempt, and discards the rows", () => {
    expect(settled(report)).toEqual({
      ...named,
      task: { to: "scheduled", delayMs: 1_500 },
      output: "expected",
      vouchedBy: null,
      rows: "discarded",
      usesAttempt: true,
    });
  });

  test("backs off further after the second attempt", () => {
    expect(settled(report, { history: { attemptsUsed: 1 } }).task).toEqual({
      to: "scheduled",
      delayMs: 2_500,
    });
  });

  test("fails task and output with the last of maxAttempts", () => {
    const settlement = settled(report, { history: { attemptsUsed: 2 } });
    expect(settlement).toMatchObject({
      ...named,
      task: { to: "failed" },
      output: "failed",
      usesAttempt: true,
    });
  });

  test("goes on after maxAttempts until it has been tried for maxRetryDuration, too", () => {
    const given = { policy: { maxRetryDurationMs: HOUR } };
    const history = { attemptsUsed: 2, retriedForMs: HOUR - 1 };
    expect(settled(report, { ...given, history }).task.to).toBe("scheduled");
    expect(settled(report, { ...given, history: { ...history, retriedForMs: HOUR } }).task.to).toBe("failed");
    expect(
      settled(report, { ...given, history: { ...history, attemptsUsed: 1, retriedForMs: HOUR } }).task.to,
    ).toBe("scheduled");
  });

  test("fails at once where one attempt is all there is", () => {
    expect(settled(report, { policy: { maxAttempts: 1 } }).task).toEqual({ to: "failed" });
  });
});

test("an error's Retry-After is honored beyond maxBackoff", () => {
  expect(settled({ kind: "threw", retryAfterMs: 2 * HOUR }).task).toEqual({
    to: "scheduled",
    delayMs: 2 * HOUR,
  });
});

describe("error / crashed", () => {
  test("a death among others uses no attempt: the task is ready to run alone", () => {
    expect(
      settled({ kind: "crashed", alone: false }, { history: { attemptsUsed: 2, deathsAlone: 2 } }),
    ).toEqual({
      outcome: "error",
      reason: "crashed",
      task: { to: "ready", alone: true },
      output: "expected",
      vouchedBy: null,
      rows: "discarded",
      usesAttempt: false,
    });
  });

  test.each([0, 1])(
    "after %i deaths alone another uses an attempt and the task runs alone again",
    (deathsAlone) => {
      const settlement = settled({ kind: "crashed", alone: true }, { history: { deathsAlone } });
      expect(settlement).toMatchObject({
        task: { to: "ready", alone: true },
        output: "expected",
        usesAttempt: true,
      });
    },
  );

  test("the third death alone fails task and output", () => {
    const settlement = settled(
      { kind: "crashed", alone: true },
      { history: { attemptsUsed: 2, deathsAlone: 2 } },
    );
    expect(settlement).toMatchObject({ task: { to: "failed" }, output: "failed", usesAttempt: true });
  });
});

test("error / lease_lost touches neither task nor output nor rows, and uses no attempt", () => {
  expect(settled({ kind: "lease_lost" })).toEqual({
    outcome: "error",
    reason: "lease_lost",
    task: { to: "untouched" },
    output: "as_it_was",
    vouchedBy: null,
    rows: "discarded",
    usesAttempt: false,
  });
});

test("error / abandoned gives the task back at once, uses no attempt, and leaves the output as it was", () => {
  const settlement = settled({ kind: "abandoned", alone: false }, { history: { attemptsUsed: 2 } });
  expect(settlement).toMatchObject({
    outcome: "error",
    reason: "abandoned",
    output: "as_it_was",
    usesAttempt: false,
  });
  expect(settlement).toMatchObject({ task: { to: "ready" }, rows: "discarded" });
});
