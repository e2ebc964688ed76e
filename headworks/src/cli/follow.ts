// Looks at the ledger while work goes on, several times a second: shows progress, and tells when everything is settled.

import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../domain/error.ts";
import { PROD } from "../domain/namespace.ts";
import { sweepUnreleased } from "../engine/duties/sweeper.ts";
import { phasesOf } from "../inspect/health.ts";
import { type Database, isConnectionLoss } from "../store/database.ts";
import { countByProcessor, countEndedRuns, countOpenTasks } from "../store/history/overview.ts";
import { doneOf, type Snapshot } from "./render/progress.ts";
import type { ProgressView } from "./render/progress-view.ts";

/** The rate and the time left are those of so many last milliseconds. */
const WINDOW_MS = 10_000;
/** Looking may take this share of the time, so that it doesn't slow down what it looks at. */
const LOOKING_SHARE = 0.1;

export interface FollowOptions {
  database: Database;
  /** Called each time that the database doesn't answer. */
  revive: () => Promise<void>;
  view: ProgressView;
  everyMs: number;
  /** Told once, when nothing runs or will run any more; `end` ends the following. */
  onSettled: () => Promise<"end" | "go_on">;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Ends it. */
  signal: AbortSignal;
}

/** Resolves when `onSettled` says so or the signal is aborted. A database that is away is waited for. */
export async function followWork(options: FollowOptions): Promise<void> {
  const { database, view, everyMs, onSettled, signal } = options;
  const take = snapshots(options);
  let isAway = false;
  let hasSettled = false;
  while (!signal.aborted) {
    const from = performance.now();
    try {
      view.show(await take());
      if (isAway) view.message("the database answers again");
      isAway = false;
      if (!hasSettled && (await isSettled(database))) {
        hasSettled = true;
        view.show(await take());
        if ((await onSettled()) === "end") return;
      }
    } catch (error) {
      // The work itself goes on in other processes: whatever keeps us from looking at it mustn't end it.
      const what = isConnectionLoss(error) ? "the database does not answer" : "the ledger can't be read";
      if (!isAway) view.message(`${what} (${messageOf(error)}); going on`);
      isAway = true;
      await tryTo(options.revive, view);
    }
    const tookMs = performance.now() - from;
    await pause(Math.max(everyMs, tookMs / LOOKING_SHARE), signal);
  }
}

async function tryTo(revive: () => Promise<void>, view: ProgressView): Promise<void> {
  try {
    await revive();
  } catch (error) {
    view.message(`the database can't be started again: ${messageOf(error)}`);
  }
}

/** Nothing runs or will run, and the sweep finds nothing that could. */
async function isSettled(database: Database): Promise<boolean> {
  if ((await countOpenTasks(database, PROD)) > 0) return false;
  return (await sweepUnreleased(database, "prod")) === 0;
}

function snapshots({ database, startedAt }: FollowOptions): () => Promise<Snapshot> {
  const past: { at: number; done: number }[] = [];
  return async () => {
    const phases = phasesOf(await countByProcessor(database, PROD));
    const now = Date.now();
    const since = Math.max(startedAt, now - WINDOW_MS);
    const runs = await countEndedRuns(database, PROD, startedAt, since);
    const done = phases.reduce((total, phase) => total + doneOf(phase), 0);
    past.push({ at: now, done });
    while (past[0] !== undefined && past[0].at < now - WINDOW_MS) past.shift();
    const open = phases.reduce(
      (total, { running, queued, blocked }) => total + running + queued + blocked,
      0,
    );
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
