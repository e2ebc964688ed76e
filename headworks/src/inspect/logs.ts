// Questions about logs: a search across runs, and following the lines that come.

import type * as contract from "../contract/logs.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import type { Executor } from "../store/database.ts";
import { followLogs, type LogFollower } from "../store/history/log-follower.ts";
import { type LogFilter, searchLogs as search } from "../store/history/logs.ts";
import { requireProcessor } from "./processors.ts";
import { getRunId } from "./runs.ts";

type Search = InputOf<typeof contract.searchLogs>;

/** Throws UNKNOWN_PROCESSOR, RUN_UNKNOWN, RUN_AMBIGUOUS, CURSOR_INVALID. */
export async function searchLogs(
  executor: Executor,
  namespace: string,
  input: Search,
): Promise<OutputOf<typeof contract.searchLogs>> {
  const { lines, cursor } = await search(executor, {
    ...input,
    ...(await filterOf(executor, namespace, input)),
  });
  return { items: lines, next_cursor: cursor };
}

/** Follows what comes after the lines that a search found, or from now on when it found none. Its outcome is ignored. */
export async function followSearch(
  executor: Executor,
  namespace: string,
  input: Search,
  shown: readonly contract.FoundLine[],
): Promise<LogFollower> {
  const { outcome: _outcome, since: _since, ...filter } = await filterOf(executor, namespace, input);
  const [first, ...others] = shown;
  const start =
    first === undefined ? { since: new Date().toISOString() } : { shown: [first, ...others] as const };
  return followLogs(executor, filter, start);
}

async function filterOf(
  executor: Executor,
  namespace: string,
  { run, ...input }: Search,
): Promise<LogFilter> {
  const { processor, partition, outcome, severity, field, text, since } = input;
  await requireProcessor(executor, namespace, processor);
  const id = run === undefined ? undefined : await getRunId(executor, run);
  return { namespace, processor, partition, outcome, severity, field, text, since, run: id };
}
