// Failed tasks that are retried from an earlier stage: what they need of it runs again, and then what lies between, up to them.

import type { Connection, Executor } from "../database.ts";
import { lockOutputs } from "../ledger/release.ts";
import { requestTask } from "../queue/tasks.ts";
import * as sql from "./retry-from.queries.ts";

/** Outputs that may run again in one go. */
export const PATH_OUTPUTS_AT_MOST = 10_000;
/** Outputs that are looked at on the way up. */
const LOOKED_AT_MOST = 500_000;

/** What lies between these outputs and what they need of a processor or a phase; empty when they need nothing of it, and one more than may run again when it is too much. */
export async function listPaths(
  executor: Executor,
  outputs: readonly number[],
  from: string,
): Promise<sql.PathOutput[]> {
  return sql.listPaths(executor, {
    output_ids: outputs,
    upstream: from,
    look_at_most: LOOKED_AT_MOST,
    limit: PATH_OUTPUTS_AT_MOST + 1,
  });
}

export async function listUpstreamNames(executor: Executor, outputs: readonly number[]): Promise<string[]> {
  const rows = await sql.listUpstreamNames(executor, { output_ids: outputs, look_at_most: LOOKED_AT_MOST });
  return rows.map((row) => row.processor);
}

/** Expects all of the path again, and asks for runs of its beginnings; the rest is released as what it needs settles. */
export async function runPathAgain(
  connection: Connection,
  path: readonly sql.PathOutput[],
  traceparent: string,
): Promise<void> {
  const ids = path.map((output) => output.id);
  await lockOutputs(connection, ids, []);
  await sql.expectAgain(connection, { output_ids: ids });
  for (const { id } of path.filter((output) => output.is_start))
    await requestTask(connection, { outputId: id, forced: true, fromArchive: false, traceparent });
}
