// Questions about failures: failed tasks by what they have in common, what a retry would run, and the redrives under way.

import { z } from "zod";
import type * as contract from "../contract/failures.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { cutPage, readCursor, writeCursor } from "../contract/page.ts";
import type * as redrives from "../contract/redrives.ts";
import { HeadworksError } from "../domain/error.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/failure/failures.ts";
import { listRedrives as readRedrives } from "../store/failure/redrives.ts";
import { requireProcessor } from "./processors.ts";
import { findRetryPath } from "./retry-path.ts";
import { detailsOf } from "./run-details.ts";

const AMBIGUOUS_SHOWN = 5;
const failureKey = z.tuple([z.int().min(0).max(1), z.int(), z.string()]);
const taskKey = z.tuple([z.int()]);
const redriveKey = z.tuple([z.int().min(0).max(1), z.int()]);

/** Throws UNKNOWN_PROCESSOR, CURSOR_INVALID. */
export async function listFailures(
  executor: Executor,
  namespace: string,
  { limit, cursor, ...given }: InputOf<typeof contract.listFailures>,
): Promise<OutputOf<typeof contract.listFailures>> {
  const after = cursor === undefined ? undefined : readCursor(cursor, failureKey);
  const filter = await filterOf(executor, namespace, given);
  const found = await store.listFailures(executor, filter, { after, limit: limit + 1 });
  return cutPage(found, limit, ({ state, tasks, fingerprint }) =>
    writeCursor([state === "open" ? 0 : 1, tasks, fingerprint ?? ""]),
  );
}

/** Throws FAILURE_UNKNOWN, FAILURE_AMBIGUOUS, CURSOR_INVALID. */
export async function showFailure(
  executor: Executor,
  namespace: string,
  { fingerprint: beginning, limit, cursor }: InputOf<typeof contract.showFailure>,
): Promise<OutputOf<typeof contract.showFailure>> {
  const [after] = cursor === undefined ? [0] : readCursor(cursor, taskKey);
  const fingerprint = await requireFailure(executor, namespace, beginning);
  const filter = { namespace, fingerprint };
  const [failure = null] = await store.listFailures(executor, filter, { limit: 1 });
  const tasks = await store.listFailedTasks(executor, filter, { after, limit: limit + 1 });
  const [first] = tasks;
  return {
    fingerprint,
    failure,
    tasks: cutPage(tasks, limit, (task) => writeCursor([task.id])),
    details: first === undefined ? null : await detailsOf(executor, first.output_id, undefined),
  };
}

/** Throws UNKNOWN_PROCESSOR, FAILURE_UNKNOWN, FAILURE_AMBIGUOUS, NOT_UPSTREAM, PATH_TOO_LONG. */
export async function countRetryable(
  executor: Executor,
  namespace: string,
  { from, ...given }: InputOf<typeof contract.countRetryable>,
): Promise<OutputOf<typeof contract.countRetryable>> {
  const filter = await filterOf(executor, namespace, given);
  const { tasks, newest_id } = await store.countFailedTasks(executor, filter);
  if (from === undefined || tasks === 0) return { tasks, newest_id, outputs: null };
  const { path } = await findRetryPath(executor, filter, { from, newestId: newest_id });
  return { tasks, newest_id, outputs: path.length };
}

export async function listRedrives(
  executor: Executor,
  namespace: string,
  { limit, cursor }: InputOf<typeof redrives.listRedrives>,
): Promise<OutputOf<typeof redrives.listRedrives>> {
  const after = cursor === undefined ? undefined : readCursor(cursor, redriveKey);
  const found = await readRedrives(executor, namespace, { after, limit: limit + 1 });
  return cutPage(found, limit, ({ state, id }) => writeCursor([state === "running" ? 0 : 1, id]));
}

type Given = Omit<InputOf<typeof contract.countRetryable>, "from">;

/** Which failed tasks are meant. Throws UNKNOWN_PROCESSOR, FAILURE_UNKNOWN, FAILURE_AMBIGUOUS. */
export async function filterOf(
  executor: Executor,
  namespace: string,
  { failure, ...filter }: Given,
): Promise<store.FailedFilter> {
  await requireProcessor(executor, namespace, filter.processor);
  if (failure === undefined) return { namespace, ...filter };
  return { namespace, ...filter, fingerprint: await requireFailure(executor, namespace, failure) };
}

/** The fingerprint that begins so. Throws FAILURE_UNKNOWN, FAILURE_AMBIGUOUS. */
export async function requireFailure(
  executor: Executor,
  namespace: string,
  beginning: string,
): Promise<string> {
  const found = await store.findFailures(executor, namespace, beginning, AMBIGUOUS_SHOWN);
  const [first] = found;
  if (first === undefined)
    throw new HeadworksError({
      code: "FAILURE_UNKNOWN",
      message: `there is no failure ${beginning}`,
      hint: "`headworks failures list` shows them",
    });
  if (found.length === 1) return first.fingerprint;
  throw new HeadworksError({
    code: "FAILURE_AMBIGUOUS",
    message: `several failures begin with ${beginning}: ${found.map((each) => each.fingerprint).join(", ")}`,
    hint: "give more of the fingerprint",
  });
}
