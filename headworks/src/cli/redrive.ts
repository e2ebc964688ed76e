// Puts a redrive of many failed tasks forward until it is done; a fleet does the same, and goes on when this ends.

import { setTimeout as delay } from "node:timers/promises";
import type { Retried } from "../contract/failures.ts";
import { count, plural } from "../domain/plural.ts";
import { stepRedrives } from "../engine/duties/redrives.ts";
import type { Database } from "../store/database.ts";
import type { Redrive } from "../store/failure/redrives.queries.ts";
import { findRedrive } from "../store/failure/redrives.ts";
import { EXIT } from "./errors.ts";
import type { GlobalOptions } from "./globals.ts";
import { listenForInterruption } from "./interruption.ts";
import { openProgressLine } from "./render/progress-line.ts";
import { openMigratedStore } from "./session.ts";

const LOOK_EVERY_MS = 250;

/** Puts it forward with its progress until it is over, or this is interrupted. */
export async function followRedrive(
  options: GlobalOptions,
  id: number,
): Promise<Pick<Retried, "retried" | "state">> {
  const store = await openMigratedStore(options);
  try {
    const { retried, state } = await putForward(store.database, id);
    return { retried, state };
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
          `${count(now.retried)} of ${plural(now.tasks, "task")} ready · headworks failures cancel ${id} stops it`,
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
