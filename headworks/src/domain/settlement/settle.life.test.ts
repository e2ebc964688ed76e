// Tests of a task's whole life: runs settled one after another come to an end after as many as the table allows.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Expectation } from "./expectation.ts";
import { type RunReport, type SettlementPolicy, settle } from "./settle.ts";

const NOW = 1_768_400_000_000;
const UNKNOWN: Expectation = { kind: "unknown" };
const aPolicy: fc.Arbitrary<SettlementPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 6 }),
  maxRetryDurationMs: fc.constant(0),
  backoff: fc.record({
    minBackoffMs: fc.nat(100_000),
    maxBackoffMs: fc.constant(200_000),
    maxDoublings: fc.nat(5),
  }),
  recheckEveryMs: fc.integer({ min: 1_000, max: 100_000 }),
  giveUpAfterMs: fc.nat(100_000),
  maxRejectedShare: fc.constantFrom(0, 0.1, 1),
  countsRecords: fc.boolean(),
});

test("a task whose runs all end in errors runs exactly maxAttempts times", () => {
  const retried = fc.constantFrom<RunReport>(
    { kind: "threw" },
    { kind: "timed_out", reason: "hard" },
    { kind: "timed_out", reason: "stalled" },
  );
  fc.assert(
    fc.property(aPolicy, fc.infiniteStream(retried), (policy, reports) => {
      let attemptsUsed = 0;
      for (const report of reports) {
        const history = { attemptsUsed, deathsAlone: 0, retriedForMs: 0, waitingSince: null };
        const { task, usesAttempt } = settle(report, UNKNOWN, history, policy, NOW, () => 0.5);
        attemptsUsed += usesAttempt ? 1 : 0;
        if (task.to === "failed" || attemptsUsed > policy.maxAttempts) break;
      }
      expect(attemptsUsed).toBe(policy.maxAttempts);
    }),
  );
});

test("with a time for retries, a task fails with the first attempt that began after it and is at least the maxAttempts-th", () => {
  const aDelay = fc.integer({ min: 1, max: 30_000 });
  fc.assert(
    fc.property(aPolicy, fc.nat(100_000), fc.infiniteStream(aDelay), (given, maxRetryDurationMs, delays) => {
      const policy = { ...given, maxRetryDurationMs };
      const begun = [0];
      for (const delay of delays) {
        const retriedForMs = begun.at(-1) ?? 0;
        const history = { attemptsUsed: begun.length - 1, deathsAlone: 0, retriedForMs, waitingSince: null };
        const { task } = settle({ kind: "threw" }, UNKNOWN, history, policy, NOW, () => 0.5);
        if (task.to === "failed") break;
        begun.push(retriedForMs + delay);
      }
      const isEnough = (at: number, index: number) =>
        at >= maxRetryDurationMs && index + 1 >= policy.maxAttempts;
      expect(begun.findIndex(isEnough)).toBe(begun.length - 1);
    }),
  );
});

test("a poison pill dies once among others and three times alone, and no more", () => {
  fc.assert(
    fc.property(aPolicy, (policy) => {
      const deaths: boolean[] = [];
      let deathsAlone = 0;
      for (let alone = false; deaths.length < 10; ) {
        const history = { attemptsUsed: deathsAlone, deathsAlone, retriedForMs: 0, waitingSince: null };
        const report = { kind: "crashed" as const, alone };
        const { task } = settle(report, UNKNOWN, history, policy, NOW, () => 0);
        deaths.push(alone);
        if (task.to !== "ready") break;
        deathsAlone += alone ? 1 : 0;
        alone = task.alone;
      }
      expect(deaths).toEqual([false, true, true, true]);
    }),
  );
});

test("data that never come are asked for until giveUpAfter, and then the task fails", () => {
  const fallingShort = fc.constantFrom<RunReport>(
    { kind: "returned", records: 0, rejected: 0, declaredEmpty: true },
    { kind: "returned", records: 3, rejected: 0, declaredEmpty: false },
    { kind: "dependency_missing", reason: "declared" },
  );
  const nine: Expectation = { kind: "known", range: { min: 9 } };
  fc.assert(
    fc.property(aPolicy, fc.infiniteStream(fallingShort), (policy, reports) => {
      let now = NOW;
      let rechecks = 0;
      for (const report of reports) {
        const history = {
          attemptsUsed: 0,
          deathsAlone: 0,
          retriedForMs: 0,
          waitingSince: rechecks === 0 ? null : NOW,
        };
        const { task } = settle(report, nine, history, policy, now, () => 0);
        if (task.to !== "waiting") {
          expect(task.to).toBe("failed");
          break;
        }
        rechecks += 1;
        now += task.delayMs;
        if (rechecks > 101) break;
      }
      expect(now).toBe(NOW + policy.giveUpAfterMs);
      expect(rechecks).toBe(Math.ceil(policy.giveUpAfterMs / policy.recheckEveryMs));
    }),
  );
});
