// Retries failed tasks from an earlier stage on: what was needed of it runs again, then what lies between, then they.

import { HeadworksError } from "../domain/error.ts";
import { count, plural } from "../domain/plural.ts";
import { newTraceparent } from "../engine/ids.ts";
import { type Database, transaction } from "../store/database.ts";
import { type FailedFilter, listFailedTasks } from "../store/failure/failures.ts";
import {
  listPaths,
  listUpstreamNames,
  PATH_OUTPUTS_AT_MOST,
  runPathAgain,
} from "../store/failure/retry-from.ts";
import { recordAudit } from "../store/history/records.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import { actor } from "./actor.ts";
import { confirm } from "./confirm.ts";
import { NONE_FITS, type RetryResult, subjectOf } from "./redrive.ts";
import { notConfirmed } from "./render/failed-words.ts";

/** Failed tasks in one go. */
const FROM_AT_MOST = 1_000;

/** From an earlier stage on: what lies between runs again, too. Throws NOT_UPSTREAM. */
export async function retryFrom(
  database: Database,
  filter: FailedFilter,
  { from, yes }: { from: string; yes: boolean | undefined },
): Promise<RetryResult> {
  const failed = await listFailedTasks(database, filter, { after: 0, limit: FROM_AT_MOST });
  const outputs = failed.map((task) => task.output_id);
  if (outputs.length === 0) return NONE_FITS;
  const path = await listPaths(database, outputs, from);
  if (path.length === 0) throw notUpstream(from, await listUpstreamNames(database, outputs));
  if (path.length > PATH_OUTPUTS_AT_MOST) throw pathTooLong(from);
  const question = `Run ${plural(path.length, "output")} again, from ${from} on, for ${plural(outputs.length, "task")}?`;
  if (path.length > 1 && !yes && !(await confirm(question))) throw notConfirmed(path.length);
  await transaction(database, async (connection) => {
    await runPathAgain(connection, path, newTraceparent(null));
    const details = { filter, from, tasks: outputs.length, outputs: path.length };
    await recordAudit(connection, {
      actor: actor(),
      action: "failed.retry",
      subject: subjectOf(filter),
      details,
    });
  });
  await hintReadyTasks(database);
  return { ...NONE_FITS, retried: outputs.length, outputs: path.length };
}

function notUpstream(from: string, known: readonly string[]): HeadworksError {
  return new HeadworksError({
    code: "NOT_UPSTREAM",
    message: `nothing of ${from} is needed for what has failed, near or far`,
    hint:
      known.length === 0
        ? "it needs nothing: retry it without --from"
        : `name a phase, or one of: ${known.slice(0, 12).join(", ")}`,
  });
}

function pathTooLong(from: string): HeadworksError {
  return new HeadworksError({
    code: "PATH_TOO_LONG",
    message: `more than ${count(PATH_OUTPUTS_AT_MOST)} outputs lie between ${from} and what has failed`,
    hint: "name a stage that is nearer, or fewer failed tasks",
  });
}
