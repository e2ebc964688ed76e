// The kinds of problem that an output can have.

/** The last three are problems only of outputs that are overdue. */
export const PROBLEM_KINDS = [
  "failed",
  "degraded",
  "waiting",
  "retrying",
  "running",
  "queued",
  "blocked",
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];
