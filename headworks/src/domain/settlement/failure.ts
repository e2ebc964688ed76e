// What people have said of a failure, and what that may become. A failure is all that has one fingerprint.

import type { Outcome } from "./outcome.ts";

export const FAILURE_STATES = ["open", "resolved", "ignored"] as const;
export type FailureState = (typeof FAILURE_STATES)[number];

/** What a person moves by `resolve` and `ignore`; back to open it goes by itself, when it fails again. */
const FAILURE_TRANSITIONS = {
  open: ["resolved", "ignored"],
  resolved: ["open"],
  ignored: ["open", "resolved", "ignored"],
} as const satisfies Record<FailureState, readonly FailureState[]>;

/** The states from which a failure may come to this one. */
export function statesBefore(state: FailureState): FailureState[] {
  return FAILURE_STATES.filter((from) =>
    (FAILURE_TRANSITIONS[from] as readonly FailureState[]).includes(state),
  );
}

/** Which failed tasks are meant. What is left out fits everything; instants are ISO 8601. */
export interface FailureFilter {
  pipeline?: string | undefined;
  phase?: string | undefined;
  processor?: string | undefined;
  partition?: string | undefined;
  queue?: string | undefined;
  outcome?: Outcome | undefined;
  /** Or its beginning. */
  fingerprint?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  /** In the error's message, in capitals or not. */
  text?: string | undefined;
}
