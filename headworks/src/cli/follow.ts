// Looks at the ledger while work goes on, several times a second: shows progress, and tells when everything is settled.

import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../domain/error.ts";
import { sweepUnreleased } from "../engine/sweeper.ts";
import { type Database, isConnectionLoss } from "../store/database.ts";
import { countByProcessor, countEndedRuns, countOpenTasks } from "../store/overview.ts";
import { phasesOf } from "../watch/health.ts";
import { NAMESPACE } from "./globals.ts";
import { doneOf, type Snapshot } from "./progress.ts";
import type { ProgressView } from "./progress-view.ts";

/** The rate and the time left are those of so many last milliseconds. */
const WINDOW_MS = 10_000;
/** Looking may take this share of the time, so that it doesn't slow down what it looks at. */
const LOOKING_SHARE = 0.1;

export interface FollowOptions {
  database: Database;
  view: ProgressView;
  everyMs: number;
  untilSettled: boolean;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Ends it. */
  signal: AbortSignal;
}

/** Resolves when everything is settled (if that was asked for) or the signal is aborted. A database that is away is waited for. */
export async function followWork(options: FollowOptions): Promise<void> {
  const { database, view, everyMs, untilSettled, signal } = options;
  const take = snapshots(options);
  let isAway = false;
  while (!signal.aborted) {
    const from = performance.now();
    try {
      view.show(await take());
      if (isAway) view.message("the database answers again");
      isAway = false;
      if (untilSettled && (await isSettled(database))) return view.show(await take());
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      if (!isAway) view.message(`the database does not answer (${messageOf(error)}); going on as soon as it does`);
      isAway = true;
    }
    const tookMs = performance.now() - from;
    await pause(Math.max(everyMs, tookMs / LOOKING_SHARE), signal);
  }
}

/** Nothing runs or will run, and the sweep finds nothing that could. */
async function isSettled(database: Database): Promise<boolean> {
  if ((await countOpenTasks(database, NAMESPACE)) > 0) return false;
  return (await sweepUnreleased(database)) === 0;
}

function snapshots({ database, startedAt }: FollowOptions): () => Promise<Snapshot> {
  const past: { at: number; done: number }[] = [];
  return async () => {
    const phases = phasesOf(await countByProcessor(database, NAMESPACE));
    const now = Date.now();
    const since = Math.max(startedAt, now - WINDOW_MS);
    const runs = await countEndedRuns(database, startedAt, since);
    const done = phases.reduce((total, phase) => total + doneOf(phase), 0);
    past.push({ at: now, done });
    while (past[0] !== undefined && past[0].at < now - WINDOW_MS) past.shift();
    const open = phases.reduce((total, { running, queued, blocked }) => total + running + queued + blocked, 0);
    return {
      phases,
      elapsedMs: now - startedAt,
      runsPerSecond: runs / Math.max(1, (now - since) / 1_000),
      leftMs: timeLeft(past, open),
    };
  };
}

function timeLeft(past: readonly { at: number; done: number }[], open: number): number | undefined {
  const first = past[0];
  const last = past.at(-1);
  if (first === undefined || last === undefined || last.done <= first.done || open === 0) return undefined;
  return (open * (last.at - first.at)) / (last.done - first.done);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
