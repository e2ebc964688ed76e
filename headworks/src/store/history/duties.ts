// Duties that fail: a row for each and each host, as long as it lasts.

import type { Executor } from "../database.ts";
import * as sql from "./duties.queries.ts";

/** `first` tells whether the duty had worked before. */
export async function recordDutyFailure(
  executor: Executor,
  { duty, host, error, hint }: Pick<sql.DutyFailure, "duty" | "host" | "error" | "hint">,
): Promise<sql.RecordDutyFailureRow> {
  return sql.recordDutyFailure(executor, { duty, host, error, hint });
}

/** Undefined when it was not known to fail. */
export async function forgetDutyFailure(
  executor: Executor,
  { duty, host }: Pick<sql.DutyFailure, "duty" | "host">,
): Promise<sql.ForgetDutyFailureRow | undefined> {
  return sql.forgetDutyFailure(executor, { duty, host });
}

/** The longest failing first. */
export async function listDutyFailures(executor: Executor): Promise<sql.DutyFailure[]> {
  return sql.listDutyFailures(executor);
}

/** Forgets failures on hosts that haven't been heard of for a day. */
export async function forgetGoneHosts(executor: Executor): Promise<void> {
  await sql.forgetGoneHosts(executor);
}
