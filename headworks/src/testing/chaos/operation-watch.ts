// Follows the handlers' operations while they are noted, so that a test can strike at the moment at which it hurts.

import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Operation } from "./operations.ts";

const LOOK_EVERY_MS = 10;

export interface OperationWatch {
  /** What was noted so far, of every process. */
  readonly operations: readonly Operation[];
  /** Tasks whose handler came to its end. */
  readonly endedOutputs: ReadonlySet<string>;
  /** Runs that began and whose handler hasn't come to its end, of a process or of all; the newest last. */
  underWay(pid?: number): Operation[];
  /** Resolves with what `find` finds among the operations, now or later. Throws what `fail` was told meanwhile. */
  until<T>(find: () => T | undefined): Promise<T>;
  /** Resolves once so many more tasks have come to their end. */
  untilEnded(more: number): Promise<void>;
  /** Whoever waits here or will wait fails with this: nobody is left to do anything. */
  fail(error: Error): void;
}

/** Follows every file of the folder. */
export function watchOperations(folder: string): OperationWatch {
  const read = new Map<string, { offset: number; rest: string }>();
  const operations: Operation[] = [];
  const endedOutputs = new Set<string>();
  const open = new Map<string, Operation>();
  let failure: Error | undefined;

  function take(line: string): void {
    const operation = JSON.parse(line) as Operation;
    operations.push(operation);
    if (operation.kind === "began") open.set(operation.run, operation);
    else {
      open.delete(operation.run);
      endedOutputs.add(operation.output);
    }
  }

  function look(): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const state = read.get(name) ?? { offset: 0, rest: "" };
      const more = readFrom(join(folder, name), state.offset);
      const lines = (state.rest + more.toString("utf8")).split("\n");
      read.set(name, { offset: state.offset + more.length, rest: lines.pop() ?? "" });
      for (const line of lines) take(line);
    }
  }

  async function until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      look();
      const found = find();
      if (found !== undefined) return found;
      if (failure !== undefined) throw failure;
      await delay(LOOK_EVERY_MS);
    }
  }

  return {
    operations,
    endedOutputs,
    underWay(pid) {
      look();
      return [...open.values()].filter((operation) => pid === undefined || operation.pid === pid);
    },
    until,
    fail(error) {
      failure ??= error;
    },
    async untilEnded(more) {
      look();
      const wanted = endedOutputs.size + more;
      await until(() => (endedOutputs.size >= wanted ? true : undefined));
    },
  };
}

function readFrom(path: string, offset: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    const bytes = readSync(file, buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytes);
  } finally {
    closeSync(file);
  }
}
