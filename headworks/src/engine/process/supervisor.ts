// The supervisor starts runner processes, renews their leases, starts a dead one again with backoff, kills a stuck one,
// and keeps house. When it dies, its runners notice and leave; the leases run out and the tasks are rescued.

import { HeadworksError, messageOf } from "../../domain/error.ts";
import type { WorkerRun } from "../../store/queue/workers.queries.ts";
import { expireLeases, listWorkerRuns } from "../../store/queue/workers.ts";
import type { Housekeeping } from "../duties/housekeeping.ts";
import type { Rescuer } from "../duties/rescuer.ts";
import type { RunServices } from "../run/services.ts";
import type { LeaseRenewal } from "../worker/leases.ts";
import { type RunnerEvents, type RunnerExit, RunnerHandle, SILENT_AFTER_MS } from "./runner-handle.ts";
import type { RunnerSettings } from "./runner-protocol.ts";

const RESTART_FIRST_MS = 500;
const RESTART_LAST_MS = 30_000;
/** A runner that lived so long is started again at once. */
const HEALTHY_AFTER_MS = 60_000;

export interface SupervisorOptions {
  services: RunServices;
  leases: LeaseRenewal;
  rescuer: Rescuer;
  housekeeping: Housekeeping;
  settings: RunnerSettings;
  /** Runner processes. */
  runners: number;
  /** Milliseconds that a runner has to load the configuration and register. Default 60,000. */
  loadingMs?: number;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #runners = new Set<RunnerHandle>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #restartMs = RESTART_FIRST_MS;
  #stopping = false;
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when no runner can start, since the configuration or the database won't do. */
  readonly failed: Promise<never>;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    // Awaited by whoever wants to know; unheard, it must not end the process.
    this.failed.catch(() => undefined);
  }

  /** What each runner process does now. */
  get runners(): readonly { pid: number | undefined; worker: string | undefined; running: number }[] {
    return [...this.#runners];
  }

  async start(): Promise<void> {
    await this.#options.housekeeping.start();
    this.#options.leases.start();
    for (let index = 0; index < this.#options.runners; index += 1) this.#startRunner();
  }

  /** Drains every runner: what runs may end for `graceMs`, the rest is abandoned and uses no attempt. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    // A round of a duty may take long, as a backup does: runners don't wait for it.
    await Promise.all([
      this.#options.housekeeping.stop(),
      ...[...this.#runners].map((runner) => runner.stop(graceMs)),
    ]);
    this.#options.leases.stop();
  }

  #startRunner(): void {
    const events: RunnerEvents = {
      onRegistered: (worker) => this.#options.leases.add(worker, () => runner.leaseLost()),
      onSilent: () => void this.#killIfOverdue(runner),
      onFailed: ({ code, message, hint }) => this.#fail(new HeadworksError({ code, message, hint })),
      onExit: (exit) => {
        this.#runners.delete(runner);
        if (exit.worker !== undefined) this.#options.leases.remove(exit.worker);
        if (exit.expected || this.#stopping) return;
        this.#options.services.log.warn(describeExit(exit));
        void this.#takeOver(exit.worker);
        this.#startAgain(Date.now() - runner.startedAt);
      },
    };
    const runner = new RunnerHandle(this.#options.settings, events, this.#options.loadingMs);
    this.#runners.add(runner);
  }

  /**
   * Kills a silent runner once a run of it is past its hard timeout. The store is asked, since a run that blocks its process
   * from its first moment on leaves it no time to tell of it; one that merely computes for long is left alone.
   */
  async #killIfOverdue(runner: RunnerHandle): Promise<void> {
    const { database, log, registry, timeouts } = this.#options.services;
    const { worker } = runner;
    if (worker === undefined) return;
    try {
      await timeouts.refresh();
      const runs = (await listWorkerRuns(database)).filter((run) => run.worker_id === worker);
      const isOverdue = (run: WorkerRun) => {
        const processor = registry.processors.get(run.processor);
        return processor !== undefined && run.running_ms > timeouts.of(processor).ms + SILENT_AFTER_MS;
      };
      if (!runs.some(isOverdue)) return;
      this.#options.rescuer.noteStuck(worker);
      runner.killStuck();
    } catch (error) {
      log.warn(`a runner is silent, and what it runs couldn't be read: ${messageOf(error)}`);
    }
  }

  /** The tasks of a dead runner are taken over at once: nobody need wait for its lease to run out. */
  async #takeOver(worker: string | undefined): Promise<void> {
    if (worker === undefined) return;
    try {
      await expireLeases(this.#options.services.database, [worker]);
      await this.#options.rescuer.rescue();
    } catch (error) {
      this.#options.services.log.warn(
        `taking over from a dead runner failed and is tried again: ${messageOf(error)}`,
      );
    }
  }

  #startAgain(livedMs: number): void {
    this.#restartMs =
      livedMs > HEALTHY_AFTER_MS ? RESTART_FIRST_MS : Math.min(this.#restartMs * 2, RESTART_LAST_MS);
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#startRunner();
    }, this.#restartMs);
    this.#restarts.add(timer);
  }
}

function describeExit({ stuck, pid, worker, code, signal }: RunnerExit): string {
  const ended = signal === null ? `left with the exit code ${code}` : `was ended by ${signal}`;
  if (!stuck) return `runner ${pid} ${ended}: what it ran may be a poison pill, and runs next in isolation`;
  if (worker !== undefined) return `runner ${pid} no longer answered and was killed`;
  return `runner ${pid} hung while it loaded the configuration and was killed: look for a top-level await that never ends`;
}
