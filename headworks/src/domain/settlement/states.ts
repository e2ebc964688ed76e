// The two state machines, of outputs and of tasks, each one union and one transition table; PostgreSQL repeats them as CHECKs.

/** The statuses the ledger stores. `running` is not among them: it is read from the task that holds a lease. */
export const LEDGER_STATUSES = ["expected", "complete", "empty", "degraded", "failed", "waived"] as const;
export type LedgerStatus = (typeof LEDGER_STATUSES)[number];

/** The statuses a person sees. */
export const OUTPUT_STATUSES = [
  "expected",
  "running",
  "complete",
  "empty",
  "degraded",
  "failed",
  "waived",
] as const;
export type OutputStatus = (typeof OUTPUT_STATUSES)[number];

/** From each stored status, those a settlement or a person may move it to. A settled output can always be run again. */
export const LEDGER_TRANSITIONS = {
  expected: ["complete", "empty", "degraded", "failed", "waived"],
  complete: ["expected", "empty", "degraded", "failed"],
  empty: ["expected", "complete", "degraded", "failed"],
  degraded: ["expected", "complete", "empty", "failed", "waived"],
  failed: ["expected", "complete", "empty", "degraded", "waived"],
  waived: ["expected", "complete", "empty", "degraded", "failed"],
} as const satisfies Record<LedgerStatus, readonly LedgerStatus[]>;

export const TASK_STATES = ["scheduled", "ready", "running", "waiting", "failed"] as const;
export type TaskState = (typeof TASK_STATES)[number];
/** What a task may be in once somebody has asked for it: later, now, or it runs already. */
export type AddedState = Extract<TaskState, "scheduled" | "ready" | "running">;
/** What the task may be in of which somebody has asked for a run now: ready, unless it runs already. */
export type AskedState = Extract<TaskState, "ready" | "running">;

/** A task leaves the table when it succeeds or is cancelled, so there is no state for either. */
export const TASK_TRANSITIONS = {
  scheduled: ["ready", "failed"],
  ready: ["running", "failed"],
  running: ["scheduled", "ready", "waiting", "failed"],
  waiting: ["ready"],
  failed: ["ready"],
} as const satisfies Record<TaskState, readonly TaskState[]>;

/** Whether nothing more is to come for an output of this status unless somebody asks for it. */
export function isSettled(status: LedgerStatus): boolean {
  return status !== "expected" && status !== "degraded";
}
