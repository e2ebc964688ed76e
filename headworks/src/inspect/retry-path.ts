// Finds what runs again when failed tasks are retried from an earlier stage: what they need of it, and all that lies between.

import { HeadworksError } from "../domain/error.ts";
import { plural } from "../domain/plural.ts";
import type { Executor } from "../store/database.ts";
import { type FailedFilter, listFailedTasks } from "../store/failure/failures.ts";
import type { PathOutput } from "../store/failure/retry-from.queries.ts";
import { listPaths, listUpstreamNames, PATH_OUTPUTS_AT_MOST } from "../store/failure/retry-from.ts";

/** Failed tasks in one go. */
const FROM_AT_MOST = 1_000;
const NAMED_IN_HINT = 12;

export interface RetryPath {
  /** Failed tasks that fit; none gives an empty path. */
  tasks: number;
  path: PathOutput[];
}

/** Throws NOT_UPSTREAM, and PATH_TOO_LONG for what is too much in one go. */
export async function findRetryPath(
  executor: Executor,
  filter: FailedFilter,
  { from, newestId }: { from: string; newestId: number | undefined },
): Promise<RetryPath> {
  const found = await listFailedTasks(executor, filter, { after: 0, limit: FROM_AT_MOST + 1 });
  const failed = found.filter((task) => newestId === undefined || task.id <= newestId);
  if (failed.length > FROM_AT_MOST) throw tooLong(`more than ${plural(FROM_AT_MOST, "failed task")} fit`);
  const outputs = failed.map((task) => task.output_id);
  if (outputs.length === 0) return { tasks: 0, path: [] };
  const path = await listPaths(executor, outputs, from);
  if (path.length === 0) throw notUpstream(from, await listUpstreamNames(executor, outputs));
  if (path.length > PATH_OUTPUTS_AT_MOST)
    throw tooLong(
      `more than ${plural(PATH_OUTPUTS_AT_MOST, "output")} lie between ${from} and the failed tasks`,
    );
  return { tasks: outputs.length, path };
}

function notUpstream(from: string, known: readonly string[]): HeadworksError {
  return new HeadworksError({
    code: "NOT_UPSTREAM",
    message: `the failed tasks need nothing of ${from}, directly or indirectly`,
    hint:
      known.length === 0
        ? "they need nothing at all: retry them without --from"
        : `name a phase, or one of: ${known.slice(0, NAMED_IN_HINT).join(", ")}`,
  });
}

function tooLong(message: string): HeadworksError {
  return new HeadworksError({
    code: "PATH_TOO_LONG",
    message,
    hint: "name a stage that is nearer, or fewer failed tasks",
  });
}
