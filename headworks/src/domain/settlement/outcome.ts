// The outcomes a run can end in, and the reasons that refine them: typed, never guessed from messages.

export const OUTCOMES = [
  "success",
  "no_data_available",
  "dependency_missing",
  "validation_failed",
  "timeout",
  "error",
] as const;

/** How a run ended. Exactly one for every run. */
export type Outcome = (typeof OUTCOMES)[number];

/** The stable codes that refine each outcome. An outcome may also stand alone, with the reason null. */
export const REASONS = {
  success: ["unchanged", "above_expected"],
  no_data_available: [],
  dependency_missing: ["declared", "expectation_unanswered", "quota_exhausted", "breaker_open"],
  validation_failed: ["below_expected", "unexpected_empty", "rows_rejected", "thrown"],
  timeout: ["hard", "stalled", "expired"],
  error: ["thrown", "crashed", "lease_lost", "abandoned"],
} as const satisfies Record<Outcome, readonly string[]>;

export type Reason = (typeof REASONS)[Outcome][number];
