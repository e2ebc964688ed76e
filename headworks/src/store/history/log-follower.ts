// Follows the lines of runs while they come: each look gives those that are new since the last one, in order.

import type { Executor } from "../database.ts";
import { type FoundLine, type LogFilter, searchUnseen } from "./logs.ts";

/**
 * Processes store their lines a little after they were logged, so one can appear behind another that was given before.
 * It is found until the newest line is this much younger, in milliseconds. The lines of one run are stored in their
 * order, so that a number tells which of them were given.
 */
const LATEST_ARRIVAL_MS = 60_000;
const LINES_PER_PAGE = 1_000;

/** Without an outcome: a run that is being followed has none yet. */
export type FollowFilter = Omit<LogFilter, "since" | "until" | "outcome">;

export interface LogFollower {
  /** The lines that fit and were not given before, the newest last. */
  next(): Promise<FoundLine[]>;
}

/** Follows lines logged at or after `since` (ISO 8601), or what comes after the lines of a search that were shown. */
export function followLogs(
  executor: Executor,
  filter: FollowFilter,
  start: { since: string } | { shown: readonly FoundLine[] & { 0: FoundLine } },
): LogFollower {
  const given = new Map<string, { seq: number; at: string }>();
  let since = "since" in start ? start.since : start.shown[0].at;
  if ("shown" in start) remember(start.shown);

  function remember(lines: readonly FoundLine[]): void {
    for (const { run, seq, at } of lines) {
      if (seq > (given.get(run)?.seq ?? 0)) given.set(run, { seq, at });
    }
    const newest = lines.at(-1);
    if (newest === undefined) return;
    const horizon = new Date(Date.parse(newest.at) - LATEST_ARRIVAL_MS).toISOString();
    if (horizon > since) since = horizon;
    for (const [run, { at }] of given) if (at < since) given.delete(run);
  }

  async function next(): Promise<FoundLine[]> {
    const seen = new Map([...given].map(([run, { seq }]) => [run, seq]));
    const pages: FoundLine[][] = [];
    let cursor: string | undefined;
    do {
      const page = await searchUnseen(executor, { ...filter, since, cursor, limit: LINES_PER_PAGE }, seen);
      pages.unshift(page.lines);
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    const lines = pages.flat();
    remember(lines);
    return lines;
  }

  return { next };
}
