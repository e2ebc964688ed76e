// Questions about runs: the history, a page at a time, and which run a person means.

import { z } from "zod";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { cutPage, readCursor, writeCursor } from "../contract/page.ts";
import type * as contract from "../contract/runs.ts";
import { HeadworksError } from "../domain/error.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/history/runs.ts";
import { requireProcessor } from "./processors.ts";

const key = z.tuple([z.uuid()]);
const NAMED_IN_MESSAGE = 5;

/** Throws UNKNOWN_PROCESSOR, CURSOR_INVALID. */
export async function listRuns(
  executor: Executor,
  namespace: string,
  { limit, cursor, ...search }: InputOf<typeof contract.listRuns>,
): Promise<OutputOf<typeof contract.listRuns>> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, key);
  await requireProcessor(executor, namespace, search.processor);
  const found = await store.listRuns(executor, { namespace, ...search, before, limit: limit + 1 });
  return cutPage(found, limit, (run) => writeCursor([run.id]));
}

/** The run of an id or of its beginning; undefined when there is none. Throws RUN_AMBIGUOUS. */
export async function findRun(
  executor: Executor,
  named: string,
): Promise<{ id: string; output_id: number } | undefined> {
  const runs = await store.findRuns(executor, named, NAMED_IN_MESSAGE);
  if (runs.length <= 1) return runs[0];
  const lines = runs.map((run) => `  ${run.id}  ${run.processor}[${run.partition}]`);
  throw new HeadworksError({
    code: "RUN_AMBIGUOUS",
    message: `the ids of several runs begin with ${named}:\n${lines.join("\n")}`,
    hint: "give more of the id",
  });
}

/** Throws RUN_UNKNOWN, RUN_AMBIGUOUS. */
export async function getRunId(executor: Executor, named: string): Promise<string> {
  const run = await findRun(executor, named);
  if (run === undefined) throw unknownRun(named);
  return run.id;
}

export function unknownRun(named: string): HeadworksError {
  return new HeadworksError({
    code: "RUN_UNKNOWN",
    message: `unknown run ${named}`,
    hint: "`headworks runs list` shows the ids of runs; the first 18 characters are enough",
  });
}

/** Enough of an id to find the run again: the time in milliseconds and the first random digits. */
export function shortRunId(id: string): string {
  return id.slice(0, 18);
}
