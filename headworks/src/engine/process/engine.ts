// The engine within one process: housekeeping, one worker, its lease. `headworks run` and tests use it; `start` forks runners.

import { ReadyListener } from "../../store/listener.ts";
import type { Housekeeping } from "../duties/housekeeping.ts";
import type { RunServices } from "../run/services.ts";
import type { SettledRun } from "../settlement/settled-run.ts";
import { LEASE_MS, type LeaseRenewal } from "../worker/leases.ts";
import { Worker } from "../worker/worker.ts";

export interface EngineOptions {
  services: RunServices;
  leases: LeaseRenewal;
  housekeeping: Housekeeping;
  databaseUrl: string;
  concurrency: number;
  /** Runs only these outputs, as somebody asked for them by hand. */
  onlyOutputs?: readonly number[];
  onSettled?: (run: SettledRun) => void;
}

export class Engine {
  readonly #housekeeping: Housekeeping;
  readonly #leases: LeaseRenewal;
  readonly #worker: Worker;
  readonly #listener: ReadyListener;

  constructor(options: EngineOptions) {
    const { services, leases, housekeeping, concurrency, onSettled, onlyOutputs } = options;
    this.#leases = leases;
    this.#housekeeping = housekeeping;
    this.#worker = new Worker({
      services,
      concurrency,
      leaseMs: LEASE_MS,
      ...(onSettled && { onSettled }),
      ...(onlyOutputs && { onlyOutputs }),
      onRegistered: (id) => this.#leases.add(id, () => void this.#worker.leaseLost()),
    });
    this.#listener = new ReadyListener(options.databaseUrl, () => this.#worker.wake());
  }

  async start(): Promise<void> {
    await this.#housekeeping.start();
    this.#leases.start();
    await this.#listener.start();
    await this.#worker.start();
  }

  /** Drains: lets runs end for up to `graceMs`, abandons the rest without using up an attempt. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all([this.#housekeeping.stop(), this.#worker.stop(graceMs)]);
    this.#leases.stop();
    await this.#listener.stop();
  }
}
