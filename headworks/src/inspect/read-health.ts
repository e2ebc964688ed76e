// Reads what the health report is made of, and assesses it.

import type { HealthReport } from "../contract/health.ts";
import { PROD } from "../domain/namespace.ts";
import type { Executor } from "../store/database.ts";
import { listStorms } from "../store/failure/retry-storms.ts";
import { listDutyFailures } from "../store/history/duties.ts";
import { countByProcessor, listProblems } from "../store/history/overview.ts";
import { listUnpublishable } from "../store/ledger/artifacts.ts";
import { listQueues } from "../store/queue/queues.ts";
import { listSchedules } from "../store/queue/schedules.ts";
import { listWorkers } from "../store/queue/workers.ts";
import { assessHealth } from "./health.ts";

/** Files that can't be published; of more, their number. */
const FILES_NAMED = 3;
/** Groups of problems that are read; further ones are the least critical. */
const PROBLEMS_READ = 200;

export async function readHealth(executor: Executor, namespace: string): Promise<HealthReport> {
  const counts = await countByProcessor(executor, namespace);
  const problems = await listProblems(executor, namespace, PROBLEMS_READ + 1);
  const queues = await listQueues(executor);
  // They create work of `prod` alone.
  const schedules = namespace === PROD ? await listSchedules(executor) : [];
  const workers = await listWorkers(executor);
  const liveWorkers = workers.filter(
    (worker) => worker.namespace === namespace && !worker.lease_expired,
  ).length;
  const storms = await listStorms(executor, namespace);
  const duties = await listDutyFailures(executor);
  const files = await listUnpublishable(executor, namespace, FILES_NAMED);
  return assessHealth({
    counts,
    problems: problems.slice(0, PROBLEMS_READ),
    problemsCut: problems.length > PROBLEMS_READ,
    queues,
    schedules,
    storms,
    duties,
    files,
    liveWorkers,
  });
}
