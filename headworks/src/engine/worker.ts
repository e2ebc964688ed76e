// A worker claims ready tasks, runs many at once and settles them, under a lease that somebody else may renew for it.
// It promotes what is due every second. When it dies, its lease runs out and its tasks are rescued.

import { messageOf } from "../domain/error.ts";
import { isConnectionLoss } from "../store/database.ts";
import { type ClaimedTask, claimAlone, claimTasks, hintReadyTasks, promoteDueTasks } from "../store/tasks.ts";
import { registerWorker, removeWorker } from "../store/workers.ts";
import { type RunningTask, startRun } from "./execute.ts";
import { uuidv7 } from "./ids.ts";
import { hostName, ownProcessKey } from "./process-key.ts";
import type { RunServices } from "./services.ts";
import { SettleQueue } from "./settle-queue.ts";
import type { SettledGroup, SettledRun } from "./settlement.ts";
import { publishesArtifacts } from "./settlement-rows.ts";

const POLL_MS = 1_000;
const BUSY_POLL_MS = 25;
/** How long after its last claim a limited queue is asked again quickly. */
const BUSY_FOR_MS = 2_000;
const PROMOTE_AT_ONCE = 1_000;

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
  now?: () => number;
  random?: () => number;
}

export class Worker {
  id = uuidv7();

  readonly #options: WorkerOptions;
  readonly #running = new Map<string, RunningTask>();
  readonly #settling: SettleQueue;
  #loop: Promise<void> = Promise.resolve();
  #promotion: NodeJS.Timeout | undefined;
  #stopping = false;
  #awake = false;
  #wakeUp: () => void = () => undefined;
  #aloneWanted = false;
  #busyUntil = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { services, now = Date.now, random = Math.random } = options;
    this.#settling = new SettleQueue({
      database: services.database,
      log: services.log,
      redact: services.redact,
      settler: () => ({
        registry: services.registry,
        worker: this.id,
        codeVersion: services.codeVersion,
        now,
        random,
      }),
      onSettled: (group) => this.#settled(group),
    });
  }

  /** Epoch milliseconds by which the first of its runs must have ended; undefined when it runs nothing. */
  get earliestDeadline(): number | undefined {
    const deadlines = [...this.#running.values()].map((run) => run.deadline);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  get runningCount(): number {
    return this.#running.size;
  }

  async start(): Promise<void> {
    await this.#register();
    this.#loop = this.#work();
    this.#promoteLater(0);
  }

  /** Looks for work now instead of at the next poll. */
  wake(): void {
    this.#awake = true;
    this.#wakeUp();
  }

  /** Claims nothing more, lets runs end for up to `graceMs`, releases the rest without using up an attempt, and leaves. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#promotion);
    this.wake();
    const release = setTimeout(() => this.#releaseAll(), graceMs);
    await this.#loop;
    await this.#allEnded();
    clearTimeout(release);
    await this.#settling.drain();
    await removeWorker(this.#options.services.database, this.id);
  }

  /** Its tasks are another's now: lets them go, and goes on under a new identity. */
  async leaseLost(): Promise<void> {
    this.#options.services.log.warn("the lease was lost; what was running is another worker's now", {
      worker: this.id,
    });
    this.#releaseAll();
    await this.#allEnded();
    await this.#settling.drain();
    this.id = uuidv7();
    await this.#register();
    this.wake();
  }

  async #register(): Promise<void> {
    const { services, concurrency, leaseMs, onRegistered } = this.#options;
    const identity = {
      id: this.id,
      host: hostName(),
      processKey: await ownProcessKey(),
      codeVersion: services.codeVersion,
      concurrency,
    };
    await registerWorker(services.database, identity, leaseMs);
    onRegistered?.(this.id);
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      this.#awake = false;
      const claimed = await this.#claim();
      if (claimed === 0) await this.#untilAwake(Date.now() < this.#busyUntil ? BUSY_POLL_MS : POLL_MS);
    }
  }

  /** Claims from every queue what there is room for; gives the number of runs started. */
  async #claim(): Promise<number> {
    try {
      if (this.#aloneWanted && this.#options.onlyOutputs === undefined) return await this.#claimAlone();
      let claimed = 0;
      for (const queue of this.#options.services.registry.queues.values()) {
        const room = this.#room();
        if (room === 0 || this.#stopping) break;
        const ids = Array.from({ length: room }, () => uuidv7());
        const tasks = await claimTasks(this.#options.services.database, queue, this.#claimant(), ids);
        for (const task of tasks) this.#start(task);
        if (tasks.length > 0 && (queue.rate !== undefined || queue.maxConcurrent !== undefined)) {
          this.#busyUntil = Date.now() + BUSY_FOR_MS;
        }
        claimed += tasks.length;
      }
      return claimed;
    } catch (error) {
      this.#options.services.log.warn(`claiming failed: ${messageOf(error)}`);
      if (!isConnectionLoss(error)) await this.#untilAwake(POLL_MS);
      return 0;
    }
  }

  /** A suspect runs with nothing else in the process. */
  async #claimAlone(): Promise<number> {
    if (this.#running.size > 0 || this.#settling.size > 0) return 0;
    const task = await claimAlone(this.#options.services.database, this.#claimant(), uuidv7());
    this.#aloneWanted = false;
    if (task === undefined) return 0;
    this.#start(task);
    await this.#running.get(task.run_id)?.finished;
    return 1;
  }

  /** Room for runs; half of it must be free before more is claimed, so that claims come in sets. */
  #room(): number {
    const { concurrency } = this.#options;
    const unsettled = this.#settling.size;
    const free = Math.min(concurrency - this.#running.size, 2 * concurrency - unsettled - this.#running.size);
    return free >= Math.ceil(concurrency / 2) || this.#running.size < concurrency / 2 ? Math.max(0, free) : 0;
  }

  #claimant() {
    const { services, onlyOutputs } = this.#options;
    return { worker: this.id, codeVersion: services.codeVersion, ...(onlyOutputs && { onlyOutputs }) };
  }

  #start(task: ClaimedTask): void {
    const { services } = this.#options;
    const processor = services.registry.processors.get(task.processor);
    if (processor === undefined)
      throw new Error(`claimed ${task.processor}, which this configuration doesn't have`);
    const running = startRun(services, processor, task);
    this.#running.set(task.run_id, running);
    void running.finished.then((finished) => {
      this.#running.delete(task.run_id);
      this.#settling.add(finished);
      this.wake();
    });
  }

  async #settled(group: SettledGroup): Promise<void> {
    const { services, onSettled } = this.#options;
    const files = group.runs.filter(publishesArtifacts).flatMap(({ run }) =>
      run.artifacts.map(({ path, temporaryName }) => ({
        namespace: run.task.namespace,
        path,
        temporaryName,
      })),
    );
    if (files.length > 0) await services.artifacts.publish(services.database, files);
    for (const run of group.runs) onSettled?.(run);
    if (group.released > 0) await hintReadyTasks(services.database);
    this.wake();
  }

  #promoteLater(delayMs: number): void {
    this.#promotion = setTimeout(() => void this.#promote(), delayMs);
  }

  async #promote(): Promise<void> {
    let nextMs = POLL_MS;
    try {
      const { promoted, nextDueMs, aloneReady } = await promoteDueTasks(
        this.#options.services.database,
        PROMOTE_AT_ONCE,
      );
      this.#aloneWanted ||= aloneReady;
      if (promoted > 0 || aloneReady) this.wake();
      nextMs = promoted === PROMOTE_AT_ONCE ? 0 : Math.max(5, Math.min(POLL_MS, nextDueMs ?? POLL_MS));
    } catch (error) {
      this.#options.services.log.warn(`promoting due tasks failed: ${messageOf(error)}`);
    }
    if (!this.#stopping) this.#promoteLater(nextMs);
  }

  #releaseAll(): void {
    for (const run of this.#running.values()) run.release();
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#running.values()].map((run) => run.finished));
  }

  async #untilAwake(timeoutMs: number): Promise<void> {
    if (this.#awake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
