// Renews the leases of workers, three times per lease. When this process dies, the leases run out.

import { messageOf } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { renewLeases } from "../../store/queue/workers.ts";
import type { Log } from "../../telemetry/log.ts";

/** Milliseconds that a worker may be silent before its tasks are taken over. */
export const LEASE_MS = 15_000;

export class LeaseRenewal {
  readonly #database: Database;
  readonly #log: Log;
  readonly #workers = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /** Renews this worker's lease from now on; `onLost` is called once if it was taken over meanwhile. */
  add(worker: string, onLost: () => void): void {
    this.#workers.set(worker, onLost);
  }

  remove(worker: string): void {
    this.#workers.delete(worker);
  }

  start(): void {
    this.#timer = setInterval(() => void this.#renewInTime(), LEASE_MS / 3);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Renews now. Whoever takes over others' tasks does this first: after an outage, his own leases are as old as theirs. */
  async renew(): Promise<void> {
    const asked = [...this.#workers.keys()];
    if (asked.length === 0) return;
    const held = await renewLeases(this.#database, asked, LEASE_MS);
    for (const worker of asked.filter((id) => !held.has(id))) {
      const onLost = this.#workers.get(worker);
      this.#workers.delete(worker);
      onLost?.();
    }
  }

  async #renewInTime(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      this.#log.warn(`renewing leases failed: ${messageOf(error)}`);
    }
  }
}
