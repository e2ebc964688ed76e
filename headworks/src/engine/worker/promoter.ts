// The promoter makes scheduled and waiting tasks ready once they are due: every second, or sooner when one is due sooner.
// Every worker has one; when it dies, those of the others go on.

import { messageOf } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { promoteDueTasks } from "../../store/queue/tasks.ts";
import type { Log } from "../../telemetry/log.ts";
import { startTimer, type Timer } from "../timer.ts";

const EVERY_MS = 1_000;
const SOONEST_MS = 5;
const TASKS_AT_ONCE = 1_000;

export interface PromoterOptions {
  database: Database;
  namespace: string;
  log: Log;
  /** Told when there is something to claim; `aloneReady` while one of it must run alone in a process, and once when no more. */
  onReady: (aloneReady: boolean) => void | Promise<void>;
}

export class Promoter {
  readonly #options: PromoterOptions;
  #timer: Timer | undefined;
  /** When it looks next, in epoch milliseconds; undefined while it looks. */
  #nextAt: number | undefined;
  #wasAloneReady = false;
  #stopped = false;

  constructor(options: PromoterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#later(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.clear();
  }

  /** Looks once this time has passed, if it wouldn't sooner. */
  lookIn(delayMs: number): void {
    if (this.#nextAt === undefined || this.#nextAt <= Date.now() + delayMs) return;
    this.#timer?.clear();
    this.#later(delayMs);
  }

  #later(delayMs: number): void {
    if (this.#stopped) return;
    this.#nextAt = Date.now() + delayMs;
    this.#timer = startTimer(() => void this.#promote(), delayMs);
  }

  async #promote(): Promise<void> {
    const { database, namespace, log, onReady } = this.#options;
    this.#nextAt = undefined;
    try {
      const { promoted, nextDueMs, aloneReady } = await promoteDueTasks(database, namespace, TASKS_AT_ONCE);
      // Whoever waits to be alone must hear that another has taken it: it would start nothing else until then.
      const isNews = promoted > 0 || aloneReady || this.#wasAloneReady;
      this.#wasAloneReady = aloneReady;
      if (isNews) await onReady(aloneReady);
      this.#later(
        promoted === TASKS_AT_ONCE ? 0 : Math.max(SOONEST_MS, Math.min(EVERY_MS, nextDueMs ?? EVERY_MS)),
      );
    } catch (error) {
      log.warn(`promoting due tasks failed: ${messageOf(error)}`);
      this.#later(EVERY_MS);
    }
  }
}
