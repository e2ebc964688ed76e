// What a process that runs tasks says of itself every few seconds: its memory, its event loop, its connections.
// When its event loop stands still it says nothing, and the age of its last word tells.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { messageOf } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { recordVitals, type WorkerVitals } from "../../store/queue/workers.ts";
import type { Log } from "../../telemetry/log.ts";

const EVERY_MS = 5_000;
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

export class Vitals {
  readonly #pools: { database: Database; reads: Database };
  readonly #log: Log;
  readonly #worker: () => string;
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #recording: Promise<void> = Promise.resolve();

  /** `worker` gives the id under which the process is registered now. */
  constructor(pools: { database: Database; reads: Database }, log: Log, worker: () => string) {
    this.#pools = pools;
    this.#log = log;
    this.#worker = worker;
  }

  start(): void {
    this.#loop.enable();
    this.#recording = this.#record();
    this.#timer = setInterval(() => {
      this.#recording = this.#record();
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#loop.disable();
    await this.#recording;
  }

  /** As they are now; the delay of the event loop since they were last asked for. */
  read(): WorkerVitals {
    // The histogram holds the time between two looks, which are RESOLUTION_MS apart where nothing is in the way.
    const delayMs = Math.max(0, this.#loop.max / NS_PER_MS - RESOLUTION_MS);
    this.#loop.reset();
    const { database, reads } = this.#pools;
    return {
      memoryBytes: process.memoryUsage.rss(),
      loopDelayMs: Math.round(delayMs),
      poolConnections: database.totalCount + reads.totalCount,
      poolWaiting: database.waitingCount + reads.waitingCount,
    };
  }

  async #record(): Promise<void> {
    try {
      await recordVitals(this.#pools.database, this.#worker(), this.read());
    } catch (error) {
      this.#log.warn(`what this process says of itself couldn't be kept: ${messageOf(error)}`);
    }
  }
}
