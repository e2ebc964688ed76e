// Says in words how a run ended, or what is wrong with an output.

import type { Outcome, Reason } from "../domain/settlement/outcome.ts";

/** What is known of an ending. Texts are those of the store; an unknown pair is said as it is. */
export interface Ending {
  outcome: string | null;
  reason: string | null;
  records: number | null;
  expectedMin: number | null;
  /** The error's message, or the processor's note. */
  message: string;
}

const REASON_WORDS: Record<Reason, string> = {
  unchanged: "nothing it reads has changed",
  above_expected: "more records than expected",
  declared: "a dependency is not available yet",
  expectation_unanswered: "its expectation depends on an output that is not settled",
  quota_exhausted: "the source's quota is used up",
  breaker_open: "the circuit breaker is open: it failed too often",
  below_expected: "fewer records than expected",
  unexpected_empty: "no records, although some were expected",
  rows_rejected: "too many rows were rejected",
  thrown: "it threw an error",
  hard: "it ran past its hard timeout",
  stalled: "it made no progress",
  expired: "it expired before it started",
  crashed: "its process died",
  lease_lost: "it lost its lease, and another run took over",
  abandoned: "its process stopped first, and it runs again",
};

const OUTCOME_WORDS: Record<Outcome, string> = {
  success: "it succeeded",
  no_data_available: "there was nothing to fetch",
  dependency_missing: "a dependency is not available yet",
  validation_failed: "the data are invalid",
  timeout: "it timed out",
  error: "it failed",
};

/** One clause, without a full stop: "3 of at least 9 records". */
export function describeEnding(ending: Ending): string {
  const { outcome, reason, records, expectedMin } = ending;
  const message = firstLine(ending.message);
  if (reason === "below_expected" && expectedMin !== null) {
    return `${records ?? 0} of at least ${expectedMin} records`;
  }
  if (reason === "unexpected_empty" && expectedMin !== null) {
    return `no records, where at least ${expectedMin} were expected`;
  }
  const words = REASON_WORDS[reason as Reason] ?? OUTCOME_WORDS[outcome as Outcome];
  if (message !== "" && reason === "rows_rejected") return `${words}: ${message}`;
  if (message !== "") return message;
  return words ?? [outcome, reason].filter((part) => part !== null).join(" / ");
}

/** `validation_failed / unexpected_empty`, as the tables name it. */
export function nameEnding(outcome: string | null, reason: string | null): string {
  if (outcome === null) return "running";
  return reason === null ? outcome : `${outcome} / ${reason}`;
}

export function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.trim() ?? "";
}
