// Acts on failed tasks: retries them, and resolves or ignores what they have in common.

import type * as contract from "../contract/failures.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { checkPayload } from "../domain/dispatch/payload.ts";
import { HeadworksError } from "../domain/error.ts";
import { plural } from "../domain/plural.ts";
import { filterOf, requireFailure } from "../inspect/failures.ts";
import * as store from "../store/failure/failures.ts";
import { createRedrive } from "../store/failure/redrives.ts";
import { hintReadyTasks } from "../store/queue/tasks.ts";
import { audited, type Operator } from "./operator.ts";
import { retryFrom, subjectOf } from "./retry-from.ts";

type Retried = OutputOf<typeof contract.retryFailures>;

const NONE_FITS: Retried = { retried: 0, redrive: null, state: "done", outputs: null };

/**
 * A task alone is ready at once; of many, a redrive is made, which the fleet puts forward. Throws UNKNOWN_PROCESSOR,
 * FAILURE_UNKNOWN, FAILURE_AMBIGUOUS, PAYLOAD_INVALID, PAYLOAD_TOO_LARGE, PAYLOAD_FOR_ONE, NOT_UPSTREAM, PATH_TOO_LONG.
 */
export async function retryFailures(
  operator: Operator,
  { all: _all, from, newest_id: newestId, rate, payload, ...given }: InputOf<typeof contract.retryFailures>,
): Promise<Retried> {
  if (payload !== undefined) checkPayload(payload);
  const { database, namespace } = operator;
  const filter = await filterOf(database, namespace, given);
  if (from !== undefined) return retryFrom(operator, filter, { from, newestId });
  const found = await store.countFailedTasks(database, filter, newestId);
  if (found.tasks === 0) return NONE_FITS;
  if (found.tasks === 1) return retryOne(operator, filter, payload);
  if (payload !== undefined) throw onePayloadForMany(found.tasks);
  return beginRedrive(operator, { filter, newestId: found.newest_id, tasks: found.tasks, rate });
}

/** A task alone needs no pace and no row of its own. */
async function retryOne(
  operator: Operator,
  filter: store.FailedFilter,
  payload: string | undefined,
): Promise<Retried> {
  const details = { filter, payload: payload !== undefined };
  const entry = { action: "failures.retry", subject: subjectOf(filter), details };
  const retried = await audited(operator, entry, async (connection, note) => {
    const found = await store.listFailedTasks(connection, filter, { after: 0, limit: 1 });
    const back = found.length === 0 ? 0 : await store.retryTasks(connection, found, payload);
    note({ tasks: back });
    return back;
  });
  await hintReadyTasks(operator.database);
  return { ...NONE_FITS, retried };
}

async function beginRedrive(
  operator: Operator,
  { filter, newestId, tasks, rate }: Omit<Parameters<typeof createRedrive>[1], "createdBy">,
): Promise<Retried> {
  const entry = { action: "failures.retry", subject: subjectOf(filter), details: { filter, tasks, rate } };
  return audited(operator, entry, async (connection, note) => {
    const createdBy = operator.actor;
    const redrive = await createRedrive(connection, { filter, newestId, tasks, rate, createdBy });
    note({ redrive });
    return { ...NONE_FITS, redrive, state: "running" };
  });
}

/** Throws FAILURE_UNKNOWN, FAILURE_AMBIGUOUS, FAILURE_STATE. */
export async function resolveFailure(
  operator: Operator,
  { fingerprint: beginning, note, code_version: version }: InputOf<typeof contract.resolveFailure>,
): Promise<OutputOf<typeof contract.resolveFailure>> {
  const fingerprint = await requireFailure(operator.database, operator.namespace, beginning);
  const details = { note, code_version: version };
  const entry = { action: "failures.resolve", subject: fingerprint, details };
  return audited(operator, entry, async (connection) => {
    if (!(await store.resolveFailure(connection, operator.namespace, fingerprint, { note, version })))
      throw resolvedAlready(fingerprint);
    return { fingerprint, state: "resolved" };
  });
}

/** Throws FAILURE_UNKNOWN, FAILURE_AMBIGUOUS, FAILURE_STATE. */
export async function ignoreFailure(
  operator: Operator,
  { fingerprint: beginning, ...ignored }: InputOf<typeof contract.ignoreFailure>,
): Promise<OutputOf<typeof contract.ignoreFailure>> {
  const fingerprint = await requireFailure(operator.database, operator.namespace, beginning);
  const entry = { action: "failures.ignore", subject: fingerprint, details: ignored };
  return audited(operator, entry, async (connection) => {
    if (!(await store.ignoreFailure(connection, operator.namespace, fingerprint, ignored)))
      throw resolvedAlready(fingerprint);
    const { until = null, above = null } = ignored;
    return { fingerprint, state: "ignored", ignored_until: until, ignored_above: above };
  });
}

function resolvedAlready(fingerprint: string): HeadworksError {
  return new HeadworksError({
    code: "FAILURE_STATE",
    message: `${fingerprint} is resolved already`,
    hint: "it opens by itself when it comes back",
  });
}

function onePayloadForMany(amount: number): HeadworksError {
  return new HeadworksError({
    code: "PAYLOAD_FOR_ONE",
    message: `${plural(amount, "failed task")} fit, but a payload is for one`,
    hint: "choose one by its processor and partition",
  });
}
