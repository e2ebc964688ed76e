// A worker claims ready tasks, runs many at once and settles them, under a lease that somebody else may renew for it.
// When it dies, its lease runs out and its tasks are rescued.

import { processorNamed } from "../../define/registry.ts";
import { messageOf } from "../../domain/error.ts";
import { isConnectionLoss } from "../../store/database.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { chooseIsolated } from "../../store/queue/tasks.ts";
import { removeWorker } from "../../store/queue/workers.ts";
import { uuidv7 } from "../ids.ts";
import { type RunningTask, startRun } from "../run/execute.ts";
import type { RunServices } from "../run/services.ts";
import { hintReady, publishFiles } from "../settlement/after-commit.ts";
import { SettleQueue } from "../settlement/queue.ts";
import { type SettledGroup, type SettledRun, soonestDelayMs } from "../settlement/settled-run.ts";
import { startTimer } from "../timer.ts";
import { Claimer } from "./claimer.ts";
import { Isolation } from "./isolation.ts";
import { Pace } from "./pace.ts";
import { Promoter } from "./promoter.ts";
import { enlistAgain, enlistWorker } from "./registration.ts";
import { Vitals } from "./vitals.ts";
import { Waker } from "./waker.ts";

/** How long nothing is claimed after a claim has failed, unless somebody wakes it. */
const FAILED_CLAIM_MS = 1_000;

export interface WorkerOptions {
  services: RunServices;
  /** Runs at once. */
  concurrency: number;
  leaseMs: number;
  /** Told after each settlement has committed. */
  onSettled?: (run: SettledRun) => void;
  /** Told of the worker's id, also when it takes a new one after its lease was lost. */
  onRegistered?: (id: string) => void;
  /** Claims only the tasks of these outputs, as somebody asked for them by hand. */
  onlyOutputs?: readonly number[];
  random?: () => number;
}

export class Worker {
  id = uuidv7();

  readonly #options: WorkerOptions;
  readonly #running = new Map<string, RunningTask>();
  readonly #settling: SettleQueue;
  readonly #promoter: Promoter;
  readonly #claimer: Claimer;
  readonly #waker = new Waker();
  readonly #isolation: Isolation;
  readonly #vitals: Vitals;
  readonly #pace: Pace;
  #loop: Promise<void> = Promise.resolve();
  #stopping = false;
  #hurried = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#pace = new Pace(options.concurrency);
    const { services, random = Math.random } = options;
    this.#settling = new SettleQueue({
      database: services.database,
      log: services.log,
      redact: services.redact,
      settler: () => ({
        namespace: services.namespace,
        registry: services.registry,
        worker: this.id,
        codeVersion: services.codeVersion,
        isStorm: (name) => services.storms.isStorm("processor", name),
        random,
      }),
      onSettled: (group) => this.#settled(group),
    });
    this.#vitals = new Vitals(services, services.log, () => this.id);
    this.#isolation = new Isolation(() => chooseIsolated(services.database, this.id));
    this.#claimer = new Claimer(services, options.onlyOutputs);
    this.#promoter = new Promoter({
      ...services,
      onReady: async (aloneReady) => {
        this.wake();
        if (!aloneReady) this.#isolation.over();
        else if (options.onlyOutputs === undefined) await this.#isolation.wanted();
      },
    });
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** Resolves once it is registered, or was stopped meanwhile. */
  async start(): Promise<void> {
    const { services } = this.#options;
    if (!(await enlistWorker(services, this.#enlistment(), () => this.#stopping))) return;
    this.#options.onRegistered?.(this.id);
    this.#loop = this.#work();
    this.#promoter.start();
    this.#vitals.start();
    services.storms.start();
  }

  /** Looks for work now instead of at the next poll. */
  wake(): void {
    this.#waker.wake();
  }

  /** Claims nothing more, lets runs end for up to `graceMs`, abandons the rest without using up an attempt, and leaves. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#promoter.stop();
    this.wake();
    const graceOver = startTimer(() => this.hurry(), graceMs);
    await this.#loop;
    await this.#allEnded();
    graceOver.clear();
    await this.#settling.drain();
    await this.#vitals.stop();
    await this.#options.services.storms.stop();
    await removeWorker(this.#options.services.database, this.id);
  }

  /** Abandons everything at once, also while it is being stopped: what was claimed then is abandoned as soon as it starts. */
  hurry(): void {
    this.#hurried = true;
    this.#abandonAll();
  }

  /** Its tasks are another's now: ends their runs, and goes on under a new identity. */
  async leaseLost(): Promise<void> {
    if (this.#stopping) return;
    const { services } = this.#options;
    services.log.warn("the lease was lost; what was running is another worker's now", { worker: this.id });
    this.#abandonAll();
    await this.#allEnded();
    await this.#settling.drain();
    this.id = uuidv7();
    if (!(await enlistAgain(services, this.#enlistment(), () => this.#stopping))) return;
    this.#options.onRegistered?.(this.id);
    this.wake();
  }

  #enlistment() {
    const { concurrency, leaseMs } = this.#options;
    return { id: this.id, concurrency, leaseMs };
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      this.#waker.begin();
      const claimed = await this.#claim();
      if (claimed > 0) this.#pace.claimed();
      else await this.#waker.wait(this.#pace.pauseMs());
    }
  }

  /** Claims from every queue what there is room for; gives the number of runs started. */
  async #claim(): Promise<number> {
    try {
      if (this.#isolation.isKept(this.#running.size)) return await this.#claimAlone();
      const { tasks, limited } = await this.#claimer.claim(
        this.id,
        () => (this.#stopping ? 0 : this.#pace.room(this.#running.size, this.#settling.size)),
        (task) => this.#start(task),
      );
      if (limited) this.#pace.limited();
      return tasks;
    } catch (error) {
      this.#options.services.log.warn(`claiming failed: ${messageOf(error)}`);
      if (!isConnectionLoss(error)) await this.#waker.wait(FAILED_CLAIM_MS);
      return 0;
    }
  }

  /** A poison pill runs with nothing else in the process. */
  async #claimAlone(): Promise<number> {
    if (this.#running.size > 0) return 0;
    await this.#settling.drain();
    const task = await this.#claimer.claimAlone(this.id);
    if (task === undefined) {
      this.#isolation.over();
      return 0;
    }
    this.#start(task);
    await this.#running.get(task.run_id)?.finished;
    return 1;
  }

  #start(task: ClaimedTask): void {
    const { services } = this.#options;
    const processor = processorNamed(services.registry, task.processor);
    const running = startRun(services, processor, task);
    this.#running.set(task.run_id, running);
    services.storms.started("processor", processor.name, task.attempts_used > 0);
    if (this.#hurried) running.abandon();
    void running.finished.then((finished) => {
      this.#running.delete(task.run_id);
      this.#settling.add(finished);
      this.wake();
    });
  }

  async #settled(group: SettledGroup): Promise<void> {
    const { services, onSettled } = this.#options;
    await publishFiles(services, group.runs);
    for (const run of group.runs) onSettled?.(run);
    this.#promoter.lookIn(soonestDelayMs(group.runs));
    if (group.released > 0) await hintReady(services);
    this.wake();
  }

  #abandonAll(): void {
    for (const run of this.#running.values()) run.abandon();
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#running.values()].map((run) => run.finished));
  }
}
