// Reports duties that fail: in the log when one begins to fail, at growing distances while it goes on, and when it works again;
// in the events when it begins and ends; and in the database as long as it lasts, so that any process can tell of it.

import { HeadworksError, messageOf } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { forgetDutyFailure, recordDutyFailure } from "../../store/history/duties.ts";
import { recordEvent } from "../../store/history/records.ts";
import type { Log } from "../../telemetry/log.ts";
import { hostName } from "../worker/process-key.ts";

/** The first distance between two lines of the log; each further one is twice as long, up to the last. */
const TELL_FIRST_MS = 60_000;
const TELL_LAST_MS = 3_600_000;

export interface DutyReportOptions {
  database: Database;
  log: Pick<Log, "info" | "warn">;
  redact: (text: string) => string;
  /** Milliseconds that never go back. Default: those of this process. */
  monotonicMs?: () => number;
}

/** What this process knows of a duty. */
interface Known {
  failures: number;
  tellNextAt: number;
  tellAfterMs: number;
  /** Whether the database says so, too. */
  stored: boolean;
}

export class DutyReports {
  readonly #options: DutyReportOptions;
  readonly #monotonicMs: () => number;
  readonly #failing = new Map<string, Known>();
  /** Duties that worked in this process: the database says nothing else of them. */
  readonly #working = new Set<string>();

  constructor(options: DutyReportOptions) {
    this.#options = options;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
  }

  /** A round of a duty failed. Throws nothing. */
  async failed(duty: string, error: unknown): Promise<void> {
    const { log, redact } = this.#options;
    const now = this.#monotonicMs();
    const known = this.#failing.get(duty) ?? {
      failures: 0,
      tellNextAt: now,
      tellAfterMs: TELL_FIRST_MS,
      stored: false,
    };
    this.#failing.set(duty, known);
    this.#working.delete(duty);
    known.failures += 1;
    const isToTell = now >= known.tellNextAt;
    const message = redact(messageOf(error));
    if (isToTell) {
      const again = known.failures === 1 ? "" : ` (${known.failures} times in a row)`;
      log.warn(`${duty} failed${again} and is tried again: ${message}`);
      known.tellNextAt = now + known.tellAfterMs;
      known.tellAfterMs = Math.min(known.tellAfterMs * 2, TELL_LAST_MS);
    }
    if (!isToTell && known.stored) return;
    const cause = await this.#store(duty, message, hintOf(error));
    known.stored = cause === undefined;
    if (isToTell && cause !== undefined) log.warn(`that ${duty} fails can't be stored: ${messageOf(cause)}`);
  }

  /** A round of a duty succeeded. Throws nothing. */
  async succeeded(duty: string): Promise<void> {
    if (this.#working.has(duty)) return;
    const failures = this.#failing.get(duty)?.failures ?? 0;
    this.#failing.delete(duty);
    if (failures > 0) this.#options.log.info(`${duty} works again, after ${failures} failures`);
    if (await this.#forget(duty)) this.#working.add(duty);
  }

  /** What it failed with; a database that is away may be why the duty failed, and the next round tries again. */
  async #store(duty: string, error: string, hint: string | null): Promise<unknown> {
    const { database } = this.#options;
    try {
      const host = hostName();
      const { first } = await recordDutyFailure(database, { duty, host, error, hint });
      if (first)
        await recordEvent(database, {
          kind: "duty.failed",
          subject: duty,
          message: error,
          details: { host },
        });
      return undefined;
    } catch (cause) {
      return cause;
    }
  }

  async #forget(duty: string): Promise<boolean> {
    const { database, log } = this.#options;
    try {
      const host = hostName();
      const failure = await forgetDutyFailure(database, { duty, host });
      if (failure !== undefined) {
        const details = { host, since: failure.since };
        await recordEvent(database, {
          kind: "duty.recovered",
          subject: duty,
          message: "it works again",
          details,
        });
      }
      return true;
    } catch (cause) {
      log.warn(`that ${duty} works can't be stored: ${messageOf(cause)}`);
      return false;
    }
  }
}

function hintOf(error: unknown): string | null {
  return error instanceof HeadworksError ? error.hint : null;
}
