// Duties that fail: a row for each and each host, as long as it lasts.

import type { Executor } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "history/duties",
  "recordDutyFailure",
  "forgetDutyFailure",
  "listDutyFailures",
  "forgetGoneHosts",
);

export interface DutyFailure {
  duty: string;
  host: string;
  since: string;
  /** When it was last told of. */
  failed_at: string;
  error: string;
  /** What to do, where that is known. */
  hint: string | null;
}

/** `first` tells whether the duty had worked before. */
export async function recordDutyFailure(
  executor: Executor,
  { duty, host, error, hint }: Pick<DutyFailure, "duty" | "host" | "error" | "hint">,
): Promise<{ first: boolean }> {
  const row = await findOne<{ first: boolean }>(executor, sql.recordDutyFailure, [duty, host, error, hint]);
  return { first: row?.first === true };
}

/** Undefined when it was not known to fail. */
export async function forgetDutyFailure(
  executor: Executor,
  { duty, host }: Pick<DutyFailure, "duty" | "host">,
): Promise<{ since: string } | undefined> {
  return findOne<{ since: string }>(executor, sql.forgetDutyFailure, [duty, host]);
}

/** The longest failing first. */
export async function listDutyFailures(executor: Executor): Promise<DutyFailure[]> {
  return many<DutyFailure & Record<string, unknown>>(executor, sql.listDutyFailures);
}

/** Forgets failures on hosts that haven't been heard of for a day. */
export async function forgetGoneHosts(executor: Executor): Promise<void> {
  await exec(executor, sql.forgetGoneHosts);
}
