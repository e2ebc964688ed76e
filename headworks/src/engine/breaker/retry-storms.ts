// Watches for retry storms: each process counts what it starts and tells every ten seconds; whoever keeps house decides from
// the sum. When the database is away, counts wait, and what was known of storms holds.

import { isRetryStorm } from "../../domain/dispatch/retry-storm.ts";
import { messageOf } from "../../domain/error.ts";
import { type Database, transaction } from "../../store/database.ts";
import {
  addRetryCounts,
  beginStorm,
  endStorm,
  listStorms,
  lockStorms,
  type Started,
  sumRetryCounts,
} from "../../store/failure/retry-storms.ts";
import { recordEvent } from "../../store/history/records.ts";
import type { Log } from "../../telemetry/log.ts";

const TELL_EVERY_MS = 10_000;

type Kind = Started["kind"];

export class RetryStorms {
  readonly #database: Database;
  readonly #namespace: string;
  readonly #log: Log;
  readonly #started = new Map<string, Started>();
  #storms: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(database: Database, namespace: string, log: Log) {
    this.#database = database;
    this.#namespace = namespace;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#telling = this.tell();
    }, TELL_EVERY_MS);
  }

  /** Tells what it has counted last. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#telling;
    await this.tell();
  }

  /** Counts a run or a try of a request. */
  started(kind: Kind, name: string, isRetry: boolean): void {
    const key = `${kind} ${name}`;
    let counts = this.#started.get(key);
    if (counts === undefined) {
      counts = { kind, name, starts: 0, retries: 0 };
      this.#started.set(key, counts);
    }
    counts.starts += 1;
    if (isRetry) counts.retries += 1;
  }

  /** Whether there is a storm, as far as this process has heard. */
  isStorm(kind: Kind, name: string): boolean {
    return this.#storms.size > 0 && this.#storms.has(`${kind} ${name}`);
  }

  /** Tells what it has counted, and hears of the storms that there are. */
  async tell(): Promise<void> {
    const counts = [...this.#started.values()];
    this.#started.clear();
    try {
      await addRetryCounts(this.#database, this.#namespace, counts);
    } catch (error) {
      for (const { kind, name, starts, retries } of counts) this.#putBack({ kind, name, starts, retries });
      this.#log.warn(`the starts of the last seconds couldn't be told yet: ${messageOf(error)}`);
      return;
    }
    try {
      const storms = await listStorms(this.#database, this.#namespace);
      this.#storms = new Set(storms.map(({ kind, name }) => `${kind} ${name}`));
    } catch (error) {
      this.#log.warn(`retry storms couldn't be read; what was known holds: ${messageOf(error)}`);
    }
  }

  #putBack(told: Started): void {
    const since = this.#started.get(`${told.kind} ${told.name}`);
    if (since === undefined) this.#started.set(`${told.kind} ${told.name}`, told);
    else {
      since.starts += told.starts;
      since.retries += told.retries;
    }
  }
}

/** Decides which storms there are, in one process at a time; each beginning and end is an event. */
export async function watchRetryStorms(database: Database): Promise<void> {
  await transaction(database, async (connection) => {
    if (!(await lockStorms(connection))) return;
    for (const seen of await sumRetryCounts(connection)) {
      const storm = isRetryStorm(seen.is_storm, seen);
      if (storm === seen.is_storm) continue;
      await (storm ? beginStorm : endStorm)(connection, seen);
      const { namespace, kind, name, starts, retries } = seen;
      await recordEvent(connection, {
        kind: storm ? "retry_storm.began" : "retry_storm.ended",
        subject: name,
        message: storm
          ? `${retries} of ${starts} starts of the ${kind} ${name} in five minutes are retries: they wait longer`
          : `the ${kind} ${name} retries no more than usual: ${retries} of ${starts} starts in five minutes`,
        details: { namespace, kind, starts, retries },
      });
    }
  });
}
