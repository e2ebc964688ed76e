// Tests of the settlement table, row by row as the design states it: the runs that returned, and what they are worth.

import { describe, expect, test } from "vitest";
import type { Expectation } from "./expectation.ts";
import { type RunReport, type SettlementPolicy, settle, type TaskHistory } from "./settle.ts";

const NOW = 1_768_400_000_000;
const HOUR = 3_600_000;
const schedule = { processor: "schedule", partition: "2026-01-14" };
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
const unanswered: Expectation = { kind: "unanswered", waitsFor: schedule };
const expecting = (min: number, max?: number): Expectation => ({
  kind: "known",
  range: max === undefined ? { min } : { min, max },
});
const returned = (records: number, more: { rejected?: number; declaredEmpty?: boolean } = {}): RunReport => ({
  kind: "returned",
  records,
  rejected: more.rejected ?? 0,
  declaredEmpty: more.declaredEmpty ?? false,
});

interface Case {
  expectation?: Expectation;
  history?: Partial<TaskHistory>;
  policy?: Partial<SettlementPolicy>;
}

function settled(report: RunReport, given: Case = {}) {
  const { expectation = unknown } = given;
  const history = { ...fresh, ...given.history };
  return settle(report, expectation, history, { ...policy, ...given.policy }, NOW, () => 0.5);
}

describe("success", () => {
  const merged = {
    outcome: "success",
    reason: null,
    task: { to: "deleted" },
    output: "complete",
    rows: "merged",
  };

  test("as many records as expected complete the output and merge its rows", () => {
    expect(settled(returned(9), { expectation: expecting(9) })).toMatchObject({
      ...merged,
      usesAttempt: true,
    });
  });

  test("records where nothing is expected by name are a success too", () => {
    expect(settled(returned(1))).toMatchObject(merged);
  });

  test("records where none had to be are a success", () => {
    expect(settled(returned(1), { expectation: expecting(0) })).toMatchObject(merged);
  });

  test("exactly the maximum isn't too many", () => {
    expect(settled(returned(12), { expectation: expecting(9, 12) })).toMatchObject(merged);
  });

  test("more than the maximum completes the output and is flagged for the watch", () => {
    const settlement = settled(returned(13), { expectation: expecting(9, 12) });
    expect(settlement).toMatchObject({ ...merged, reason: "above_expected" });
  });

  test("a processor that writes no records is complete when it returns", () => {
    expect(settled(returned(0), { policy: { countsRecords: false } })).toMatchObject(merged);
  });

  test("rejected rows within the tolerance don't stand in the way", () => {
    expect(settled(returned(9, { rejected: 1 }))).toMatchObject(merged);
  });
});

describe("no_data_available", () => {
  const empty = { outcome: "no_data_available", reason: null, task: { to: "deleted" }, output: "empty" };

  test("nothing where nothing was expected is empty, with the expectation's word for it", () => {
    expect(settled(returned(0), { expectation: expecting(0, 0) })).toEqual({
      ...empty,
      vouchedBy: "expectation",
      rows: "discarded",
      usesAttempt: true,
    });
  });

  test("noData() without an expectation is believed, with only the processor's word for it", () => {
    expect(settled(returned(0, { declaredEmpty: true }))).toMatchObject({ ...empty, vouchedBy: "processor" });
  });

  test("noData() of a processor that writes no records is believed as well", () => {
    const settlement = settled(returned(0, { declaredEmpty: true }), { policy: { countsRecords: false } });
    expect(settlement).toMatchObject({ ...empty, vouchedBy: "processor" });
  });

  test("silent emptiness without an expectation is empty, and the output remembers that nobody vouched", () => {
    expect(settled(returned(0))).toMatchObject({ ...empty, vouchedBy: "nobody" });
  });

  test("noData() is not believed against the expectation", () => {
    const settlement = settled(returned(0, { declaredEmpty: true }), { expectation: expecting(9) });
    expect(settlement).toMatchObject({ outcome: "validation_failed", reason: "unexpected_empty" });
  });
});

describe("validation_failed / below_expected", () => {
  const threeOfNine = (history: Partial<TaskHistory> = {}) =>
    settled(returned(3), { expectation: expecting(9), history });

  test("three of nine degrade the output, merge what there is, and look again without using an attempt", () => {
    expect(threeOfNine()).toEqual({
      outcome: "validation_failed",
      reason: "below_expected",
      task: { to: "waiting", delayMs: HOUR, waitsFor: null },
      output: "degraded",
      vouchedBy: null,
      rows: "merged",
      usesAttempt: false,
    });
  });

  test("after giveUpAfter the task fails and the output stays degraded", () => {
    const settlement = threeOfNine({ waitingSince: NOW - 24 * HOUR });
    expect(settlement).toMatchObject({
      task: { to: "failed" },
      output: "degraded",
      rows: "merged",
      usesAttempt: false,
    });
  });

  test("the last recheck is at the moment of giving up, not after it", () => {
    const settlement = threeOfNine({ waitingSince: NOW - 24 * HOUR + 60_000 });
    expect(settlement.task).toEqual({ to: "waiting", delayMs: 60_000, waitsFor: null });
  });

  test("no number of rechecks uses up the attempts", () => {
    expect(threeOfNine({ attemptsUsed: 2, waitingSince: NOW - HOUR }).task.to).toBe("waiting");
  });
});

describe("validation_failed / unexpected_empty", () => {
  const nothingOfNine = (history: Partial<TaskHistory> = {}) =>
    settled(returned(0), { expectation: expecting(9), history });

  test("nothing on a day with games leaves the output expected and looks again", () => {
    expect(nothingOfNine()).toEqual({
      outcome: "validation_failed",
      reason: "unexpected_empty",
      task: { to: "waiting", delayMs: HOUR, waitsFor: null },
      output: "expected",
      vouchedBy: null,
      rows: "discarded",
      usesAttempt: false,
    });
  });

  test("after giveUpAfter the task and the output fail", () => {
    const settlement = nothingOfNine({ waitingSince: NOW - 25 * HOUR });
    expect(settlement).toMatchObject({ task: { to: "failed" }, output: "failed", usesAttempt: false });
  });
});

describe("validation_failed / rows_rejected or thrown", () => {
  const failed = { task: { to: "failed" }, output: "failed", rows: "discarded", usesAttempt: true };

  test("a rejected share over the tolerance fails at once and merges none", () => {
    const settlement = settled(returned(80, { rejected: 20 }), { expectation: expecting(50) });
    expect(settlement).toMatchObject({ outcome: "validation_failed", reason: "rows_rejected", ...failed });
  });

  test("where nothing is tolerated one rejected row is too many", () => {
    const settlement = settled(returned(999, { rejected: 1 }), { policy: { maxRejectedShare: 0 } });
    expect(settlement).toMatchObject({ reason: "rows_rejected", ...failed });
  });

  test("junk rows fail as junk, even where the count falls short or can't be judged", () => {
    const junk = returned(0, { rejected: 9 });
    expect(settled(junk, { expectation: expecting(9) }).reason).toBe("rows_rejected");
    expect(settled(junk, { expectation: unanswered }).reason).toBe("rows_rejected");
  });

  test("a validation error that was thrown fails at once, however many attempts are left", () => {
    const settlement = settled({ kind: "invalid" });
    expect(settlement).toMatchObject({ outcome: "validation_failed", reason: "thrown", ...failed });
  });
});

describe("dependency_missing", () => {
  const missing = {
    outcome: "dependency_missing",
    output: "expected",
    rows: "discarded",
    usesAttempt: false,
  };

  test("returned with a name, the task waits for that output and also looks again by itself", () => {
    const settlement = settled({ kind: "dependency_missing", reason: "declared", waitsFor: schedule });
    const task = { to: "waiting", delayMs: HOUR, waitsFor: schedule };
    expect(settlement).toMatchObject({ ...missing, reason: "declared", task });
  });

  test("returned without a name, the task looks again by itself", () => {
    const { task } = settled({ kind: "dependency_missing", reason: "declared" });
    expect(task).toEqual({ to: "waiting", delayMs: HOUR, waitsFor: null });
  });

  test("an expectation that couldn't be answered excuses neither emptiness nor records", () => {
    for (const report of [returned(0, { declaredEmpty: true }), returned(9)]) {
      const task = { to: "waiting", delayMs: HOUR, waitsFor: schedule };
      const settlement = settled(report, { expectation: unanswered });
      expect(settlement).toMatchObject({ ...missing, reason: "expectation_unanswered", task });
    }
  });

  test("a spent quota waits until it is renewed", () => {
    const report: RunReport = {
      kind: "dependency_missing",
      reason: "quota_exhausted",
      retryAfterMs: 5 * HOUR,
    };
    expect(settled(report)).toMatchObject({
      ...missing,
      reason: "quota_exhausted",
      task: { delayMs: 5 * HOUR },
    });
  });

  test("an open breaker is waited for until its probe, whatever is rechecked how often", () => {
    const report: RunReport = { kind: "dependency_missing", reason: "breaker_open", retryAfterMs: 90_000 };
    expect(settled(report)).toMatchObject({ ...missing, reason: "breaker_open", task: { delayMs: 90_000 } });
  });

  test("after giveUpAfter the task and the output fail", () => {
    const report: RunReport = { kind: "dependency_missing", reason: "declared", waitsFor: schedule };
    const settlement = settled(report, { history: { waitingSince: NOW - 24 * HOUR } });
    expect(settlement).toMatchObject({ task: { to: "failed" }, output: "failed", usesAttempt: false });
  });
});
