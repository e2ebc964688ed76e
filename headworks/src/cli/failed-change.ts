// What a person does about failed tasks: retry, resolve, ignore. Each is in the audit log.

import { HeadworksError } from "../domain/error.ts";
import { type Database, transaction } from "../store/database.ts";
import {
  countFailedTasks,
  type FailedFilter,
  ignoreFailure,
  resolveFailure,
  retryFailed,
} from "../store/failures.ts";
import { recordAudit } from "../store/records.ts";
import { hintReadyTasks } from "../store/tasks.ts";
import { actor } from "./actor.ts";
import { confirm } from "./confirm.ts";
import { type FilterOptions, isFiltered, readFilter, requireFailure } from "./failed-filter.ts";
import type { GlobalOptions } from "./globals.ts";
import { parseAhead, toSeconds } from "./instants.ts";
import { writeJson, writeMessage } from "./output.ts";
import { type PayloadOptions, readPayload } from "./payload-option.ts";
import { openProgressLine } from "./progress-line.ts";
import { withStore } from "./session.ts";

export interface RetryOptions extends FilterOptions, PayloadOptions {
  all?: boolean;
  yes?: boolean;
}

export interface ChangeOptions extends GlobalOptions {
  note?: string;
  codeVersion?: string;
}

export async function retry(named: string | undefined, options: RetryOptions): Promise<void> {
  if (named === undefined && !options.all && !isFiltered(options)) throw nothingChosen();
  const payload = await readPayload(options);
  const retried = await withStore(options, async (database) => {
    const filter = await readFilter(database, options);
    if (named !== undefined) filter.fingerprint = await requireFailure(database, named);
    const found = await countFailedTasks(database, filter);
    if (payload !== undefined && found.tasks > 1) throw onePayloadForMany(found.tasks);
    if (found.tasks > 1 && !options.yes && !(await confirm(`Retry ${tasks(found.tasks)}?`)))
      throw notConfirmed(found.tasks);
    return found.tasks === 0 ? 0 : retryAudited(database, filter, found, payload);
  });
  if (options.json) return writeJson({ retried });
  writeMessage(retried === 0 ? "no failed task fits" : `${tasks(retried)} ready: \`headworks status\``);
}

/** The intent is kept before the first batch, so that a retry that breaks off is known of; the result is kept after. */
async function retryAudited(
  database: Database,
  filter: FailedFilter,
  found: { tasks: number; newest_id: number },
  payload: string | undefined,
): Promise<number> {
  const row = { actor: actor(), subject: filter.fingerprint ?? filter.processor ?? "failed tasks" };
  const details = { filter, tasks: found.tasks, payload: payload !== undefined };
  await recordAudit(database, { ...row, action: "failed.retry", details });
  const line = openProgressLine(process.stderr);
  const onProgress = (done: number) =>
    line.show(() => `${done.toLocaleString("en")} of ${tasks(found.tasks)} ready`);
  const retrying = { newestId: found.newest_id, payload, onProgress };
  const retried = await retryFailed(database, filter, retrying).finally(() => line.end());
  await recordAudit(database, { ...row, action: "failed.retried", details: { retried } });
  await hintReadyTasks(database);
  return retried;
}

export async function resolve(named: string, options: ChangeOptions & { note: string }): Promise<void> {
  const { note, codeVersion: version } = options;
  const fingerprint = await change(named, options, "failed.resolve", { note, version }, (connection, found) =>
    resolveFailure(connection, found, { note, version }),
  );
  if (options.json) return writeJson({ fingerprint, state: "resolved" });
  writeMessage(
    `${fingerprint} is resolved; its tasks stay failed until \`headworks failed retry ${fingerprint}\``,
  );
}

export async function ignore(named: string, options: ChangeOptions & { until: string }): Promise<void> {
  const { note } = options;
  const until = parseAhead(options.until, Date.now());
  const fingerprint = await change(named, options, "failed.ignore", { note, until }, (connection, found) =>
    ignoreFailure(connection, found, { note, until }),
  );
  if (options.json) return writeJson({ fingerprint, state: "ignored", ignored_until: until });
  writeMessage(`${fingerprint} is ignored until ${toSeconds(until)}`);
}

/** Changes a failure and keeps who did it, together. Throws FAILURE_STATE when its state doesn't allow it. */
async function change(
  named: string,
  options: GlobalOptions,
  action: string,
  details: object,
  apply: (connection: Parameters<typeof resolveFailure>[0], fingerprint: string) => Promise<boolean>,
): Promise<string> {
  return withStore(options, async (database) => {
    const fingerprint = await requireFailure(database, named);
    await transaction(database, async (connection) => {
      if (!(await apply(connection, fingerprint))) throw resolvedAlready(fingerprint);
      await recordAudit(connection, { actor: actor(), action, subject: fingerprint, details });
    });
    return fingerprint;
  });
}

function resolvedAlready(fingerprint: string): HeadworksError {
  return new HeadworksError({
    code: "FAILURE_STATE",
    message: `${fingerprint} is resolved already`,
    hint: "it opens by itself when it comes back",
  });
}

function nothingChosen(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "nothing says which failed tasks to retry",
    hint: "name a failure, give a filter such as --processor, or --all",
  });
}

function onePayloadForMany(amount: number): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: `${tasks(amount)} fit, and a payload is for one`,
    hint: "name its processor and partition: --processor … --partition …",
  });
}

function notConfirmed(amount: number): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${tasks(amount)} would be retried; that was not confirmed, so none was`,
    hint: "the same with --yes retries them",
  });
}

function tasks(amount: number): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? "task" : "tasks"}`;
}
