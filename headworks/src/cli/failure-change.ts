// What a person does about failed tasks on the command line: asks first, and follows what takes longer.

import * as contract from "../contract/failures.ts";
import { parseInput } from "../contract/input.ts";
import type { InputOf } from "../contract/operation.ts";
import { HeadworksError } from "../domain/error.ts";
import { plural } from "../domain/plural.ts";
import { countRetryable } from "../inspect/failures.ts";
import { ignoreFailure, resolveFailure, retryFailures } from "../operate/failures.ts";
import type { Operator } from "../operate/operator.ts";
import { confirm } from "./confirm.ts";
import type { GlobalOptions } from "./globals.ts";
import { type FilterOptions, isFiltered, readFilter } from "./options/failure-filter.ts";
import { type PayloadOptions, readPayload } from "./options/payload.ts";
import { followRedrive } from "./redrive.ts";
import { parseAhead, toSeconds } from "./render/instants.ts";
import { writeJson, writeMessage } from "./render/output.ts";
import { withOperator } from "./session.ts";

export interface RetryOptions extends FilterOptions, PayloadOptions {
  all?: boolean;
  yes?: boolean;
  rate?: number;
  from?: string;
}

export interface ResolveOptions extends GlobalOptions {
  note: string;
  codeVersion?: string;
}

export interface IgnoreOptions extends GlobalOptions {
  note?: string;
  until?: string;
  above?: number;
}

type RetryInput = InputOf<typeof contract.retryFailures>;

export async function retry(named: string | undefined, options: RetryOptions): Promise<void> {
  const { all, rate, from } = options;
  if (named === undefined && !all && !isFiltered(options)) throw nothingChosen();
  const payload = await readPayload(options);
  if (from !== undefined && (payload ?? rate) !== undefined) throw fromAlone();
  const given = { ...readFilter(options), failure: named, all, rate, from, payload };
  const input = parseInput(contract.retryFailures, given);
  const begun = await withOperator(options, async (operator) => {
    const newestId = options.yes ? undefined : await confirmRetry(operator, input);
    return retryFailures(operator, { ...input, newest_id: newestId });
  });
  const { redrive } = begun;
  const result = redrive === null ? begun : { ...begun, ...(await followRedrive(options, redrive)) };
  if (options.json) return writeJson(result);
  writeMessage(messageOfRetry(result));
}

/** Gives the newest task that was confirmed. Throws NOT_CONFIRMED. */
async function confirmRetry(
  { database, namespace }: Operator,
  { all: _all, rate: _rate, newest_id: _newest, payload, ...input }: RetryInput,
): Promise<number> {
  const { tasks, newest_id, outputs } = await countRetryable(database, namespace, input);
  // A payload is for one task; the action refuses more.
  const amount = outputs ?? tasks;
  if (amount <= 1 || payload !== undefined) return newest_id;
  const question =
    outputs === null
      ? `Retry ${plural(tasks, "task")}?`
      : `Run ${plural(outputs, "output")} again, from ${input.from} on, for ${plural(tasks, "failed task")}?`;
  if (!(await confirm(question))) throw notConfirmed(amount, outputs === null ? "task" : "output");
  return newest_id;
}

function messageOfRetry({ retried, redrive: id, state, outputs }: contract.Retried): string {
  if (retried === 0 && state === "done") return "no failed task matches";
  const ready = plural(retried, "task");
  if (outputs !== null)
    return `${plural(outputs, "output")} run again, for ${plural(retried, "failed task")}: \`headworks status\``;
  if (state === "running")
    return `${ready} ready so far; a fleet goes on with the rest. To stop it: headworks failures cancel ${id}`;
  if (state === "cancelled") return `canceled: ${ready} ready, the rest stays failed`;
  return `${ready} ready: \`headworks status\``;
}

export async function resolve(named: string, options: ResolveOptions): Promise<void> {
  const { note, codeVersion } = options;
  const input = parseInput(contract.resolveFailure, { fingerprint: named, note, code_version: codeVersion });
  const resolved = await withOperator(options, (operator) => resolveFailure(operator, input));
  if (options.json) return writeJson(resolved);
  const { fingerprint } = resolved;
  writeMessage(
    `${fingerprint} is resolved; its tasks stay failed until \`headworks failures retry ${fingerprint}\``,
  );
}

export async function ignore(named: string, options: IgnoreOptions): Promise<void> {
  const { note, above } = options;
  const until = options.until === undefined ? undefined : parseAhead(options.until, Date.now());
  if (until === undefined && above === undefined) throw noEndOfIgnoring();
  const input = parseInput(contract.ignoreFailure, { fingerprint: named, note, until, above });
  const ignored = await withOperator(options, (operator) => ignoreFailure(operator, input));
  if (options.json) return writeJson(ignored);
  const ends = [
    ...(until === undefined ? [] : [`until ${toSeconds(until)}`]),
    ...(above === undefined ? [] : [`while no more than ${plural(above, "task")} fail with it in an hour`]),
  ];
  writeMessage(`${ignored.fingerprint} is ignored ${ends.join(", and ")}`);
}

function notConfirmed(amount: number, what: string): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${plural(amount, what)} would be run again; this was not confirmed, so nothing was run`,
    hint: "add --yes to run them again",
  });
}

function fromAlone(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "--from can't be combined with a payload or a rate",
    hint: "retry without them, or without --from",
  });
}

function nothingChosen(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "choose which failed tasks to retry",
    hint: "name a failure, give a filter such as --processor, or --all",
  });
}

function noEndOfIgnoring(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "choose how long the failure is ignored",
    hint: "give --until, --above, or both",
  });
}
