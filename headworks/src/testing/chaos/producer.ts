// Makes tasks for as long as the chaos run lasts. What it has heard to be committed is acknowledged, and noted for good.

import { setTimeout as delay } from "node:timers/promises";
import { Temporal } from "temporal-polyfill";
import { processorNamed, type Registry } from "../../define/registry.ts";
import { planAndRelease } from "../../engine/planning/planner.ts";
import { type Database, isConnectionLoss, isContention, transaction } from "../../store/database.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";
import { openAppendFile } from "./append-file.ts";
import type { OperationWatch } from "./operation-watch.ts";

const NAMESPACE = "prod";
const RETRY_MS = 100;
const LOOK_EVERY_MS = 10;
const TASKS_AT_ONCE = 50;

export interface ProducerOptions {
  database: Database;
  registry: Registry;
  operations: OperationWatch;
  /** Where the acknowledged ids go. */
  file: string;
}

export interface Load {
  processor: string;
  /** Comes after the number in each partition: what its handler is told. */
  suffix?: string;
  /** So many tasks are acknowledged and not at their end, as long as it goes on. */
  outstanding: number;
}

export interface Producer extends Disposable {
  /** Every task that it has tried to make, and those of whose commit it has heard. */
  readonly offered: ReadonlySet<string>;
  readonly acknowledged: readonly string[];
  /** Makes so many tasks, however often it takes. */
  make(processor: string, count: number, suffix?: string): Promise<void>;
  /** Makes tasks from now on, until it is stopped. */
  keepUp(load: Load): void;
  /** Resolves once what is under way is acknowledged. */
  stop(): Promise<void>;
}

export function openProducer({ database, registry, operations, file }: ProducerOptions): Producer {
  const offered = new Set<string>();
  const acknowledged: string[] = [];
  const notes = openAppendFile(file);
  const loads: Promise<void>[] = [];
  let stopped = false;
  let number = 0;

  async function make(processor: string, count: number, suffix = ""): Promise<void> {
    const compiled = processorNamed(registry, processor);
    const slices = Array.from({ length: count }, () => {
      number += 1;
      return { processor: compiled, key: `${number}${suffix}`, parent: "all" };
    });
    const outputs = slices.map(({ key }) => `${processor}[${key}]`);
    for (const output of outputs) offered.add(output);
    await again(() =>
      transaction(database, async (connection) => {
        const now = Temporal.Now.instant();
        // Nothing is new when an earlier try had committed and its answer got lost: then they are there.
        await planAndRelease(connection, registry, NAMESPACE, slices, now);
      }),
    );
    notes.appendForGood(outputs);
    acknowledged.push(...outputs);
    await hintReadyTasks(database).catch(() => undefined);
  }

  async function keepUp({ processor, suffix, outstanding }: Load): Promise<void> {
    while (!stopped) {
      if (acknowledged.length - operations.endedOutputs.size < outstanding)
        await make(processor, TASKS_AT_ONCE, suffix);
      else await delay(LOOK_EVERY_MS);
      operations.underWay();
    }
  }

  return {
    offered,
    acknowledged,
    make,
    keepUp: (load) => void loads.push(keepUp(load)),
    async stop() {
      stopped = true;
      await Promise.all(loads);
    },
    [Symbol.dispose]() {
      stopped = true;
      notes[Symbol.dispose]();
    },
  };
}

/** Tries until it succeeds; what a database that is away doesn't explain is thrown. */
async function again(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionLoss(error) && !isContention(error) && !isFull(error)) throw error;
      await delay(RETRY_MS);
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(53|58)/.test(String(error.code));
}
