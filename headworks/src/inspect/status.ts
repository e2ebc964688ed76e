// The question what stands where, in short.

import type { Status } from "../contract/status.ts";
import type { Executor } from "../store/database.ts";
import { countByProcessor, listRunning } from "../store/history/overview.ts";
import { listQueues } from "../store/queue/queues.ts";
import { listWorkers } from "./workers.ts";

const RUNNING_SHOWN = 10;

export async function readStatus(executor: Executor, namespace: string): Promise<Status> {
  const running = await listRunning(executor, namespace, RUNNING_SHOWN + 1);
  return {
    processors: await countByProcessor(executor, namespace),
    running: running.slice(0, RUNNING_SHOWN),
    running_cut: running.length > RUNNING_SHOWN,
    queues: await listQueues(executor),
    workers: (await listWorkers(executor)).items.filter((worker) => worker.namespace === namespace),
  };
}
