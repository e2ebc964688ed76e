// Claims ready tasks for one worker, from its queues in turn. What a claim took whose answer got lost is given back.

import type { CompiledQueue } from "../../define/registry.ts";
import { PROD } from "../../domain/namespace.ts";
import { deleteTasks } from "../../store/ledger/settlement.ts";
import { claimFromLanes } from "../../store/queue/lanes.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { type Claimant, claimAlone, claimTasks, requeueClaims } from "../../store/queue/tasks.ts";
import { uuidv7 } from "../ids.ts";
import type { RunServices } from "../run/services.ts";

/** A claim without an answer may still be at work in the database for as long as a statement may take. */
const DOUBT_MS = 90_000;

/** The run ids of a claim of which nobody knows whether it took anything. */
interface Doubt {
  worker: string;
  runIds: readonly string[];
  until: number;
}

export interface Claimed {
  tasks: number;
  /** Whether one of them came from a queue with limits, which grants more soon. */
  limited: boolean;
}

export class Claimer {
  readonly #services: RunServices;
  readonly #onlyOutputs: readonly number[] | undefined;
  #doubts: Doubt[] = [];
  #turn = 0;

  constructor(services: RunServices, onlyOutputs?: readonly number[]) {
    this.#services = services;
    this.#onlyOutputs = onlyOutputs;
  }

  /** Claims from every queue what there is room for, each time beginning with another one: a full queue starves no other. */
  async claim(worker: string, room: () => number, start: (task: ClaimedTask) => void): Promise<Claimed> {
    await this.#clearDoubts();
    const claimed: Claimed = { tasks: 0, limited: false };
    for (const queue of this.#queuesInTurn()) {
      const free = room();
      if (free === 0) break;
      const tasks = await this.#claimFrom(queue, worker, free);
      for (const task of await this.#known(tasks)) start(task);
      claimed.tasks += tasks.length;
      claimed.limited ||= tasks.length > 0 && (queue.rate ?? queue.maxConcurrent) !== undefined;
    }
    return claimed;
  }

  /** Claims one task, of any queue, that must run alone in its process. */
  async claimAlone(worker: string): Promise<ClaimedTask | undefined> {
    await this.#clearDoubts();
    const { database } = this.#services;
    const claimant = this.#claimant(worker);
    for (const queue of this.#queuesInTurn()) {
      const runId = uuidv7();
      const task = await this.#doubting(worker, [runId], () =>
        this.#hasLanes(queue)
          ? claimFromLanes(database, queue, claimant, [runId], true).then(([task]) => task)
          : claimAlone(database, queue, claimant, runId),
      );
      const [known] = await this.#known(task === undefined ? [] : [task]);
      if (known !== undefined) return known;
    }
    return undefined;
  }

  #claimFrom(queue: CompiledQueue, worker: string, room: number): Promise<ClaimedTask[]> {
    const { database } = this.#services;
    const onlyOutputs = this.#onlyOutputs;
    const claimant = { ...this.#claimant(worker), ...(onlyOutputs && { onlyOutputs }) };
    const runIds = Array.from({ length: room }, () => uuidv7());
    return this.#doubting(worker, runIds, () =>
      this.#hasLanes(queue)
        ? claimFromLanes(database, queue, claimant, runIds)
        : claimTasks(database, queue, claimant, runIds),
    );
  }

  #claimant(worker: string): Claimant {
    const { namespace, codeVersion } = this.#services;
    return { worker, namespace, codeVersion };
  }

  /** To another namespace than `prod` every queue is divided: into its own lane, and what is left to `prod`. */
  #hasLanes(queue: CompiledQueue): boolean {
    return queue.lanes.length > 0 || this.#services.namespace !== PROD;
  }

  #queuesInTurn(): CompiledQueue[] {
    const queues = [...this.#services.registry.queues.values()];
    const first = this.#turn++ % queues.length;
    return [...queues.slice(first), ...queues.slice(0, first)];
  }

  async #doubting<T>(worker: string, runIds: readonly string[], claim: () => Promise<T>): Promise<T> {
    try {
      return await claim();
    } catch (error) {
      this.#doubts.push({ worker, runIds, until: Date.now() + DOUBT_MS });
      throw error;
    }
  }

  async #clearDoubts(): Promise<void> {
    for (const { worker, runIds } of this.#doubts)
      await requeueClaims(this.#services.database, worker, runIds);
    this.#doubts = this.#doubts.filter((doubt) => Date.now() < doubt.until);
  }

  /** A task of a processor that was retired while it ran is cancelled now: the registered configuration doesn't have it. */
  async #known(tasks: readonly ClaimedTask[]): Promise<ClaimedTask[]> {
    const { database, registry } = this.#services;
    const [known, retired] = [true, false].map((isKnown) =>
      tasks.filter((task) => registry.processors.has(task.processor) === isKnown),
    );
    await deleteTasks(
      database,
      (retired ?? []).map((task) => task.id),
    );
    return known ?? [];
  }
}
