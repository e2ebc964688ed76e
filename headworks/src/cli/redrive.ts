// Starts a redrive of many failed tasks and puts it forward until it is done; a fleet does the same, and goes on when this ends.

import { setTimeout as delay } from "node:timers/promises";
import type { RedriveState } from "../domain/dispatch/redrive.ts";
import { count } from "../domain/plural.ts";
import { stepRedrives } from "../engine/duties/redrives.ts";
import { type Database, transaction } from "../store/database.ts";
import type { FailedFilter } from "../store/failure/failures.ts";
import { createRedrive, findRedrive, type NewRedrive, type Redrive } from "../store/failure/redrives.ts";
import { recordAudit } from "../store/history/records.ts";
import { actor } from "./actor.ts";
import { EXIT } from "./errors.ts";
import type { GlobalOptions } from "./globals.ts";
import { listenForInterruption } from "./interruption.ts";
import { openProgressLine } from "./render/progress-line.ts";
import { openMigratedStore } from "./session.ts";

export interface RetryResult {
  retried: number;
  /** Null where none was needed. */
  redrive: number | null;
  state: RedriveState;
  /** All outputs that run again, where it was from an earlier stage on. */
  outputs?: number;
}

export const NONE_FITS: RetryResult = { retried: 0, redrive: null, state: "done" };

const LOOK_EVERY_MS = 250;

/** What the audit log says a retry is of. */
export function subjectOf(filter: FailedFilter): string {
  return filter.fingerprint ?? filter.processor ?? "failed tasks";
}

/** Makes the redrive; from now on a fleet puts it forward. */
export async function beginRedrive(
  database: Database,
  wanted: Omit<NewRedrive, "createdBy">,
): Promise<RetryResult> {
  const { filter, tasks, rate } = wanted;
  return transaction(database, async (connection) => {
    const redrive = await createRedrive(connection, { ...wanted, createdBy: actor() });
    const details = { filter, tasks, rate, redrive };
    await recordAudit(connection, {
      actor: actor(),
      action: "failed.retry",
      subject: subjectOf(filter),
      details,
    });
    return { retried: 0, redrive, state: "running" as const };
  });
}

/** Puts it forward with its progress until it is over, or this is interrupted. */
export async function followRedrive(options: GlobalOptions, id: number): Promise<RetryResult> {
  const store = await openMigratedStore(options);
  try {
    const { retried, state } = await putForward(store.database, id);
    return { retried, redrive: id, state };
  } finally {
    await store.close();
  }
}

async function putForward(database: Database, id: number): Promise<Redrive> {
  using interruption = listenForInterruption();
  const line = openProgressLine(process.stderr);
  try {
    for (;;) {
      const moved = await stepRedrives(database);
      const now = await findRedrive(database, id);
      if (now === undefined) throw new Error(`the redrive ${id} is gone`);
      if (now.state !== "running") return now;
      if (interruption.received !== undefined) {
        process.exitCode = interruption.received === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
        return now;
      }
      line.show(
        () =>
          `${count(now.retried)} of ${count(now.tasks)} tasks ready · headworks failed cancel ${id} stops it`,
      );
      if (moved === 0 || now.rate !== null) await pause(interruption.signal);
    }
  } finally {
    line.end();
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
}
