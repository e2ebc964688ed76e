// The settlement table: what a run's report, its expectation and its history make of the task, the output and the rows.

import { type BackoffSettings, backoffMs } from "./backoff.ts";
import type { Expectation, OutputName } from "./expectation.ts";
import type { Outcome, REASONS, Reason } from "./outcome.ts";
import type { LedgerStatus } from "./states.ts";

/** What is known of a run when it ends. */
export type RunReport =
  | { kind: "returned"; records: number; rejected: number; declaredEmpty: boolean }
  | { kind: "unchanged" }
  | {
      kind: "dependency_missing";
      waitsFor?: OutputName;
      reason: "declared" | "quota_exhausted" | "breaker_open";
      retryAfterMs?: number;
    }
  | { kind: "invalid" }
  | { kind: "timed_out"; reason: "hard" | "stalled" }
  | { kind: "threw"; retryAfterMs?: number }
  | { kind: "crashed"; alone: boolean }
  | { kind: "abandoned"; alone: boolean }
  | { kind: "lease_lost" };

/** What the processor and its queue declare. Durations in milliseconds; the tolerance is a share of 0 to 1. */
export interface SettlementPolicy {
  maxAttempts: number;
  /** Retries go on at least for so long after the first attempt; 0 leaves the end to `maxAttempts` alone. */
  maxRetryDurationMs: number;
  backoff: BackoffSettings;
  recheckEveryMs: number;
  giveUpAfterMs: number;
  maxRejectedShare: number;
  /** Whether the processor writes records at all; one that doesn't is complete when it returns. */
  countsRecords: boolean;
}

/** Where the task stood before this run was counted. */
export interface TaskHistory {
  attemptsUsed: number;
  /** From the claim of the first attempt to that of this one, in milliseconds. */
  retriedForMs: number;
  deathsAlone: number;
  /** Since when the task has waited for data, in epoch milliseconds; null when it never has. */
  waitingSince: number | null;
}

export type TaskMove =
  | { to: "deleted" }
  | { to: "ready"; alone: boolean }
  | { to: "scheduled"; delayMs: number }
  | { to: "waiting"; delayMs: number; waitsFor: OutputName | null }
  | { to: "failed" }
  | { to: "untouched" };

/** Who says that emptiness is right: the expectation, the processor alone, or nobody. */
export type Voucher = "expectation" | "processor" | "nobody";

export interface Settlement {
  outcome: Outcome;
  reason: Reason | null;
  task: TaskMove;
  /** `as_it_was` leaves the ledger row alone. */
  output: LedgerStatus | "as_it_was";
  vouchedBy: Voucher | null;
  rows: "merged" | "discarded";
  usesAttempt: boolean;
}

const DEATHS_ALONE_BEFORE_FAILED = 3;

/** Decides what a run settles to. Pure: callers pass the time (epoch milliseconds) and the randomness (0 ≤ x < 1). */
export function settle(
  report: RunReport,
  expectation: Expectation,
  history: TaskHistory,
  policy: SettlementPolicy,
  now: number,
  random: () => number,
): Settlement {
  switch (report.kind) {
    case "returned":
      return settleReturned(report, expectation, history, policy, now);
    case "unchanged":
      return ended("success", "unchanged", { to: "deleted" }, "as_it_was", true);
    case "dependency_missing":
      return missing(report.reason, report.waitsFor ?? null, history, policy, now, report.retryAfterMs);
    case "invalid":
      return ended("validation_failed", "thrown", { to: "failed" }, "failed", true);
    case "timed_out":
      return retried("timeout", report.reason, history, policy, random);
    case "threw":
      return retried("error", "thrown", history, policy, random, report.retryAfterMs);
    case "crashed":
      return settleCrashed(report.alone, history);
    case "abandoned":
      return ended("error", "abandoned", { to: "ready", alone: report.alone }, "as_it_was", false);
    case "lease_lost":
      return ended("error", "lease_lost", { to: "untouched" }, "as_it_was", false);
  }
}

function settleReturned(
  report: Extract<RunReport, { kind: "returned" }>,
  expectation: Expectation,
  history: TaskHistory,
  policy: SettlementPolicy,
  now: number,
): Settlement {
  const offered = report.records + report.rejected;
  const allRejected = report.rejected > 0 && report.records === 0;
  if (allRejected || (offered > 0 && report.rejected / offered > policy.maxRejectedShare)) {
    return ended("validation_failed", "rows_rejected", { to: "failed" }, "failed", true);
  }
  if (expectation.kind === "unanswered") {
    return missing("expectation_unanswered", expectation.waitsFor, history, policy, now);
  }
  const min = expectation.kind === "known" ? expectation.range.min : 0;
  if (report.records < min) return fallenShort(report.records, history, policy, now);
  if (report.records === 0 && (policy.countsRecords || report.declaredEmpty))
    return empty(report, expectation);
  return complete(report.records, expectation);
}

function complete(records: number, expectation: Expectation): Settlement {
  const max = expectation.kind === "known" ? expectation.range.max : undefined;
  const reason = max !== undefined && records > max ? "above_expected" : null;
  return { ...ended("success", reason, { to: "deleted" }, "complete", true), rows: "merged" };
}

function empty(report: { declaredEmpty: boolean }, expectation: Expectation): Settlement {
  const settlement = ended("no_data_available", null, { to: "deleted" }, "empty", true);
  if (expectation.kind === "known") return { ...settlement, vouchedBy: "expectation" };
  return { ...settlement, vouchedBy: report.declaredEmpty ? "processor" : "nobody" };
}

function fallenShort(
  records: number,
  history: TaskHistory,
  policy: SettlementPolicy,
  now: number,
): Settlement {
  const task = waitOrGiveUp(history, policy, now, null);
  if (records > 0) {
    return { ...ended("validation_failed", "below_expected", task, "degraded", false), rows: "merged" };
  }
  return ended(
    "validation_failed",
    "unexpected_empty",
    task,
    task.to === "failed" ? "failed" : "expected",
    false,
  );
}

function missing(
  reason: (typeof REASONS)["dependency_missing"][number],
  waitsFor: OutputName | null,
  history: TaskHistory,
  policy: SettlementPolicy,
  now: number,
  retryAfterMs?: number,
): Settlement {
  // A breaker says when it lets somebody out again; that is no matter of when data may come.
  const recheckEveryMs = reason === "breaker_open" ? 0 : policy.recheckEveryMs;
  const task = waitOrGiveUp(history, { ...policy, recheckEveryMs }, now, waitsFor, retryAfterMs);
  return ended("dependency_missing", reason, task, task.to === "failed" ? "failed" : "expected", false);
}

/** The task waits for the next recheck, but never past the moment at which it gives up. */
function waitOrGiveUp(
  history: TaskHistory,
  policy: SettlementPolicy,
  now: number,
  waitsFor: OutputName | null,
  retryAfterMs = 0,
): TaskMove {
  const left = (history.waitingSince ?? now) + policy.giveUpAfterMs - now;
  if (left <= 0) return { to: "failed" };
  return { to: "waiting", delayMs: Math.min(Math.max(policy.recheckEveryMs, retryAfterMs), left), waitsFor };
}

function retried(
  outcome: "timeout" | "error",
  reason: Reason,
  history: TaskHistory,
  policy: SettlementPolicy,
  random: () => number,
  retryAfterMs?: number,
): Settlement {
  const attemptsUsed = history.attemptsUsed + 1;
  const exhausted = attemptsUsed >= policy.maxAttempts && history.retriedForMs >= policy.maxRetryDurationMs;
  if (exhausted) return ended(outcome, reason, { to: "failed" }, "failed", true);
  const delayMs = backoffMs(policy.backoff, attemptsUsed, random, retryAfterMs);
  return ended(outcome, reason, { to: "scheduled", delayMs }, "expected", true);
}

/** A run that died among others is not yet known to be a poison pill: its next run is alone, so that it can take no neighbor with it. */
function settleCrashed(alone: boolean, history: TaskHistory): Settlement {
  if (alone && history.deathsAlone + 1 >= DEATHS_ALONE_BEFORE_FAILED) {
    return ended("error", "crashed", { to: "failed" }, "failed", true);
  }
  return ended("error", "crashed", { to: "ready", alone: true }, "expected", alone);
}

function ended(
  outcome: Outcome,
  reason: Reason | null,
  task: TaskMove,
  output: LedgerStatus | "as_it_was",
  usesAttempt: boolean,
): Settlement {
  return { outcome, reason, task, output, vouchedBy: null, rows: "discarded", usesAttempt };
}
