// A duty: a small piece of work that is done again and again, by whoever keeps house. It is given to housekeeping, which times it.

import type { Temporal } from "temporal-polyfill";

export interface Duty {
  /** As people read it in a log and in `headworks health`: "planning", "scheduled backups". */
  name: string;
  /** Milliseconds from the end of one round to the beginning of the next. */
  everyMs: number;
  /**
   * When its first round is: `before_work` at the start, waited for, since it takes up what a crash left; `at_start`, beside
   * the work; `later`, after its interval. A round that fails stops no start.
   */
  first: "before_work" | "at_start" | "later";
  /** One round. `now` is this machine's clock; what machines must agree on asks the database. Throws what went wrong. */
  run(now: Temporal.Instant): Promise<unknown>;
}
