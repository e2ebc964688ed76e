// Retries failed tasks from an earlier stage on: what they need of it runs again, then what lies between, then they.

import type * as contract from "../contract/failures.ts";
import type { OutputOf } from "../contract/operation.ts";
import { newTraceparent } from "../engine/ids.ts";
import { findRetryPath } from "../inspect/retry-path.ts";
import type { FailedFilter } from "../store/failure/failures.ts";
import { runPathAgain } from "../store/failure/retry-from.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import { audited, type Operator } from "./operator.ts";

/** Throws NOT_UPSTREAM, PATH_TOO_LONG. */
export async function retryFrom(
  operator: Operator,
  filter: FailedFilter,
  { from, newestId }: { from: string; newestId: number | undefined },
): Promise<OutputOf<typeof contract.retryFailures>> {
  const { tasks, path } = await findRetryPath(operator.database, filter, { from, newestId });
  const details = { filter, from, tasks, outputs: path.length };
  const entry = { action: "failures.retry", subject: subjectOf(filter), details };
  if (tasks > 0)
    await audited(operator, entry, (connection) => runPathAgain(connection, path, newTraceparent(null)));
  await hintReadyTasks(operator.database);
  return { retried: tasks, redrive: null, state: "done", outputs: path.length };
}

/** What the audit log says a retry is of. */
export function subjectOf(filter: FailedFilter): string {
  return filter.fingerprint ?? filter.processor ?? "failed tasks";
}
