// Properties of every settlement, whatever the report, the expectation, the history and the policy.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Expectation } from "./expectation.ts";
import { OUTCOMES, REASONS } from "./outcome.ts";
import {
  type RunReport,
  type Settlement,
  type SettlementPolicy,
  settle,
  type TaskHistory,
} from "./settle.ts";
import { LEDGER_STATUSES, LEDGER_TRANSITIONS, TASK_TRANSITIONS } from "./states.ts";

const NOW = 1_768_400_000_000;
const aCount = fc.oneof(fc.constant(0), fc.nat(20));
const aDuration = fc.oneof(fc.constant(0), fc.nat(100_000));
const anOutput = fc.record({
  processor: fc.constantFrom("a", "b"),
  partition: fc.constantFrom("2026-01-14", "all"),
});

const aReturn = fc.record({
  kind: fc.constant("returned" as const),
  records: aCount,
  rejected: aCount,
  declaredEmpty: fc.boolean(),
});
const aReport: fc.Arbitrary<RunReport> = fc.oneof(
  { weight: 6, arbitrary: aReturn },
  fc.record(
    {
      kind: fc.constant("dependency_missing" as const),
      reason: fc.constantFrom("declared" as const, "quota_exhausted" as const, "breaker_open" as const),
      waitsFor: anOutput,
      retryAfterMs: aDuration,
    },
    { requiredKeys: ["kind", "reason"] },
  ),
  fc.record({
    kind: fc.constant("timed_out" as const),
    reason: fc.constantFrom("hard" as const, "stalled" as const),
  }),
  fc.record({ kind: fc.constant("threw" as const), retryAfterMs: aDuration }, { requiredKeys: ["kind"] }),
  fc.record({ kind: fc.constant("crashed" as const), alone: fc.boolean() }),
  fc.constantFrom<RunReport>(
    { kind: "unchanged" },
    { kind: "invalid" },
    { kind: "abandoned", alone: false },
    { kind: "lease_lost" },
  ),
);
const anExpectation: fc.Arbitrary<Expectation> = fc.oneof(
  fc.constant<Expectation>({ kind: "unknown" }),
  fc.record({ kind: fc.constant("unanswered" as const), waitsFor: anOutput }),
  fc.record({ kind: fc.constant("known" as const), range: fc.record({ min: aCount }) }),
  fc
    .tuple(aCount, aCount)
    .map(([min, more]): Expectation => ({ kind: "known", range: { min, max: min + more } })),
);
const aHistory = (maxAttempts: number): fc.Arbitrary<TaskHistory> =>
  fc.record({
    attemptsUsed: fc.nat(maxAttempts + 1),
    retriedForMs: aDuration,
    deathsAlone: fc.nat(2),
    waitingSince: fc.option(fc.nat(200_000).map((ago) => NOW - ago)),
  });
const aPolicy: fc.Arbitrary<SettlementPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 6 }),
  maxRetryDurationMs: aDuration,
  backoff: fc.record({
    minBackoffMs: aDuration,
    maxBackoffMs: fc.constant(200_000),
    maxDoublings: fc.nat(5),
  }),
  recheckEveryMs: aDuration,
  giveUpAfterMs: aDuration,
  maxRejectedShare: fc.constantFrom(0, 0.1, 0.5, 1),
  countsRecords: fc.boolean(),
});
const aRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

interface Given {
  report: RunReport;
  expectation: Expectation;
  history: TaskHistory;
  policy: SettlementPolicy;
  random: number;
}

const given: fc.Arbitrary<Given> = aPolicy.chain((policy) =>
  fc.record({
    report: aReport,
    expectation: anExpectation,
    history: aHistory(policy.maxAttempts),
    policy: fc.constant(policy),
    random: aRandom,
  }),
);

function always(holds: (settlement: Settlement, given: Given) => void): void {
  fc.assert(
    fc.property(given, (each) => {
      const { report, expectation, history, policy, random } = each;
      holds(
        settle(report, expectation, history, policy, NOW, () => random),
        each,
      );
    }),
    { numRuns: 1_000 },
  );
}

const reasonsOf = (settlement: Settlement): readonly string[] => REASONS[settlement.outcome];

test("a run ends in one outcome, with a reason that belongs to it or with none", () => {
  always((settlement) => {
    expect(OUTCOMES).toContain(settlement.outcome);
    if (settlement.reason !== null) expect(reasonsOf(settlement)).toContain(settlement.reason);
  });
});

test("only a success or an emptiness needs no reason", () => {
  always((settlement) => {
    if (settlement.reason === null) expect(["success", "no_data_available"]).toContain(settlement.outcome);
  });
});

test("a task leaves running by a move that its state machine allows, or is deleted, or is another's", () => {
  always(({ task }) => {
    expect([...TASK_TRANSITIONS.running, "deleted", "untouched"]).toContain(task.to);
  });
});

test("an output moves as its state machine allows, from whatever status it had", () => {
  fc.assert(
    fc.property(
      given,
      fc.constantFrom(...LEDGER_STATUSES),
      ({ report, expectation, history, policy }, before) => {
        const { output } = settle(report, expectation, history, policy, NOW, () => 0);
        expect(["as_it_was", before, ...LEDGER_TRANSITIONS[before]]).toContain(output);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a task is deleted exactly when the run succeeded or rightly found nothing", () => {
  always(({ outcome, task }) => {
    expect(task.to === "deleted").toBe(outcome === "success" || outcome === "no_data_available");
  });
});

test("a failed task never leaves its output expected, nor an open one its output failed", () => {
  always(({ task, output }) => {
    expect(task.to === "failed" && output === "expected").toBe(false);
    if (output === "failed") expect(task.to).toBe("failed");
  });
});

test("rows are merged only by a success or by what fell below expectation", () => {
  always(({ outcome, reason, rows }) => {
    const mayMerge = (outcome === "success" && reason !== "unchanged") || reason === "below_expected";
    expect(rows).toBe(mayMerge ? "merged" : "discarded");
  });
});

test("rows are merged exactly into outputs that become complete or degraded", () => {
  always(({ output, rows }) => {
    expect(rows === "merged").toBe(output === "complete" || output === "degraded");
  });
});

test("an output is never complete or empty below what was expected, nor while that can't be answered", () => {
  always(({ output }, { report, expectation }) => {
    if (report.kind !== "returned" || (output !== "complete" && output !== "empty")) return;
    expect(expectation.kind).not.toBe("unanswered");
    if (expectation.kind === "known") expect(report.records).toBeGreaterThanOrEqual(expectation.range.min);
  });
});

test("an empty output says who vouches for it, and no other does", () => {
  always(({ output, vouchedBy }, { report, expectation }) => {
    expect(vouchedBy !== null).toBe(output === "empty");
    if (vouchedBy === "expectation") expect(expectation.kind).toBe("known");
    if (vouchedBy === "processor") expect(report).toMatchObject({ declaredEmpty: true });
  });
});

test("a wait never passes the moment of giving up, and is never negative", () => {
  always(({ task }, { history, policy }) => {
    if (task.to !== "waiting") return;
    expect(task.delayMs).toBeGreaterThanOrEqual(0);
    expect(NOW + task.delayMs).toBeLessThanOrEqual((history.waitingSince ?? NOW) + policy.giveUpAfterMs);
  });
});

test("waiting uses no attempt", () => {
  always(({ task, usesAttempt }) => {
    expect(task.to === "waiting" && usesAttempt).toBe(false);
  });
});

test("a task that is tried again has an attempt or time left, deaths aside", () => {
  always(({ task }, { report, history, policy }) => {
    const hasLeft =
      history.attemptsUsed + 1 < policy.maxAttempts || history.retriedForMs < policy.maxRetryDurationMs;
    if (report.kind === "threw" || report.kind === "timed_out") expect(task.to === "scheduled").toBe(hasLeft);
    expect(task.to === "scheduled" && report.kind === "crashed").toBe(false);
  });
});

test("settling is a function of what it is given, and changes none of it", () => {
  always((settlement, { report, expectation, history, policy, random }) => {
    const again = settle(
      structuredClone(report),
      structuredClone(expectation),
      structuredClone(history),
      structuredClone(policy),
      NOW,
      () => random,
    );
    expect(again).toEqual(settlement);
  });
});
