// Questions about workers: each process with its lease and what it runs.

import type { OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/workers.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/queue/workers.ts";

/** What the store writes for a lease that ended at once. */
const TAKEN_AWAY = "-infinity";

export async function listWorkers(executor: Executor): Promise<OutputOf<typeof contract.listWorkers>> {
  const rows = await store.listWorkers(executor);
  const byWorker = Map.groupBy(await store.listWorkerRuns(executor), (run) => run.worker_id);
  const items = rows.map(({ process_key, running: _counted, ...row }) => ({
    ...row,
    pid: store.pidOf(process_key),
    lease_expires_at: row.lease_expires_at === TAKEN_AWAY ? null : row.lease_expires_at,
    runs: (byWorker.get(row.id) ?? []).map(({ worker_id: _worker, ...run }) => run),
  }));
  return { items, next_cursor: null };
}
