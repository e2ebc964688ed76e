// What a person does about failed tasks: retry, resolve, ignore. Each is in the audit log.

import { HeadworksError } from "../domain/error.ts";
import { PROD } from "../domain/namespace.ts";
import { plural } from "../domain/plural.ts";
import { type Database, transaction } from "../store/database.ts";
import {
  countFailedTasks,
  type FailedFilter,
  ignoreFailure,
  listFailedTasks,
  resolveFailure,
  retryTasks,
} from "../store/failure/failures.ts";
import { recordAudit } from "../store/history/records.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import { actor } from "./actor.ts";
import { confirm } from "./confirm.ts";
import type { GlobalOptions } from "./globals.ts";
import { type FilterOptions, isFiltered, readFilter, requireFailure } from "./options/failed-filter.ts";
import { type PayloadOptions, readPayload } from "./options/payload.ts";
import { beginRedrive, followRedrive, NONE_FITS, type RetryResult, subjectOf } from "./redrive.ts";
import { notConfirmed } from "./render/failed-words.ts";
import { parseAhead, toSeconds } from "./render/instants.ts";
import { writeJson, writeMessage } from "./render/output.ts";
import { retryFrom } from "./retry-from.ts";
import { withStore } from "./session.ts";

export interface RetryOptions extends FilterOptions, PayloadOptions {
  all?: boolean;
  yes?: boolean;
  rate?: number;
  from?: string;
}

export interface ChangeOptions extends GlobalOptions {
  note?: string;
  codeVersion?: string;
}

export async function retry(named: string | undefined, options: RetryOptions): Promise<void> {
  if (named === undefined && !options.all && !isFiltered(options)) throw nothingChosen();
  const payload = await readPayload(options);
  if (options.from !== undefined && (payload ?? options.rate) !== undefined) throw fromAlone();
  const begun = await withStore(options, async (database): Promise<RetryResult> => {
    const filter = await readFilter(database, options);
    if (named !== undefined) filter.fingerprint = await requireFailure(database, named);
    if (options.from !== undefined)
      return retryFrom(database, filter, { from: options.from, yes: options.yes });
    const found = await countFailedTasks(database, filter);
    if (found.tasks === 0) return NONE_FITS;
    if (payload !== undefined && found.tasks > 1) throw onePayloadForMany(found.tasks);
    if (found.tasks === 1) return retryOne(database, filter, payload);
    if (!options.yes && !(await confirm(`Retry ${plural(found.tasks, "task")}?`)))
      throw notConfirmed(found.tasks);
    return beginRedrive(database, {
      filter,
      newestId: found.newest_id,
      tasks: found.tasks,
      rate: options.rate,
    });
  });
  const result = begun.redrive === null ? begun : await followRedrive(options, begun.redrive);
  if (options.json) return writeJson(result);
  writeMessage(messageOfRetry(result));
}

/** A task alone needs no pace and no row of its own. */
async function retryOne(
  database: Database,
  filter: FailedFilter,
  payload: string | undefined,
): Promise<RetryResult> {
  const retried = await transaction(database, async (connection) => {
    const found = await listFailedTasks(connection, filter, { after: 0, limit: 1 });
    const details = { filter, tasks: found.length, payload: payload !== undefined };
    await recordAudit(connection, {
      actor: actor(),
      action: "failed.retry",
      subject: subjectOf(filter),
      details,
    });
    return found.length === 0 ? 0 : retryTasks(connection, found, payload);
  });
  await hintReadyTasks(database);
  return { ...NONE_FITS, retried };
}

function messageOfRetry({ retried, redrive: id, state, outputs }: RetryResult): string {
  if (outputs !== undefined)
    return `${plural(outputs, "output runs", "outputs run")} again, ${plural(retried, "task")} that had failed among them: \`headworks status\``;
  if (state === "running")
    return `${plural(retried, "task")} ready so far; a fleet goes on with the rest. To stop it: headworks failed cancel ${id}`;
  if (state === "cancelled") return `cancelled: ${plural(retried, "task")} ready, the rest stays failed`;
  return retried === 0 ? "no failed task fits" : `${plural(retried, "task")} ready: \`headworks status\``;
}

export async function resolve(named: string, options: ChangeOptions & { note: string }): Promise<void> {
  const { note, codeVersion: version } = options;
  const fingerprint = await change(named, options, "failed.resolve", { note, version }, (connection, found) =>
    resolveFailure(connection, PROD, found, { note, version }),
  );
  if (options.json) return writeJson({ fingerprint, state: "resolved" });
  writeMessage(
    `${fingerprint} is resolved; its tasks stay failed until \`headworks failed retry ${fingerprint}\``,
  );
}

export async function ignore(
  named: string,
  options: ChangeOptions & { until?: string; above?: number },
): Promise<void> {
  const { note, above } = options;
  const until = options.until === undefined ? undefined : parseAhead(options.until, Date.now());
  if (until === undefined && above === undefined) throw noEndOfIgnoring();
  const ignored = { note, until, above };
  const fingerprint = await change(named, options, "failed.ignore", ignored, (connection, found) =>
    ignoreFailure(connection, PROD, found, ignored),
  );
  if (options.json) {
    const ends = { ignored_until: until ?? null, ignored_above: above ?? null };
    return writeJson({ fingerprint, state: "ignored", ...ends });
  }
  const ends = [
    ...(until === undefined ? [] : [`until ${toSeconds(until)}`]),
    ...(above === undefined ? [] : [`while no more than ${plural(above, "task")} fail with it in an hour`]),
  ];
  writeMessage(`${fingerprint} is ignored ${ends.join(", and ")}`);
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

function fromAlone(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "--from goes with neither a payload nor a rate",
    hint: "retry without them, or without --from",
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
    message: `${plural(amount, "task")} fit, and a payload is for one`,
    hint: "name its processor and partition: --processor … --partition …",
  });
}

function noEndOfIgnoring(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "nothing says until when it is ignored",
    hint: "give --until, --above, or both",
  });
}
