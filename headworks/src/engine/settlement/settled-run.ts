// What a settlement is made of: who settles, and what was decided of each run.

import type { Registry } from "../../define/registry.ts";
import type { Settlement } from "../../domain/settlement/settle.ts";
import type { MergeCounts } from "../../store/dataset/merge.ts";
import type { FinishedRun } from "../run/finished-run.ts";
import type { Cause } from "./cause.ts";

/** Who settles, and by which decisions. */
export interface Settler {
  namespace: string;
  registry: Registry;
  /** The worker that holds the claims. */
  worker: string;
  codeVersion: string;
  random: () => number;
  /** Whether retries of this processor are most of what it does; default: they aren't. */
  isStorm?: (processor: string) => boolean;
}

/** A run with what was decided of it, and what its rows came to. */
export interface SettledRun {
  run: FinishedRun;
  settlement: Settlement;
  /** Null of a success. */
  cause: Cause | null;
  counts: MergeCounts;
}

export interface SettledGroup {
  runs: SettledRun[];
  /** Tasks that became ready by it. */
  released: number;
}

/** Milliseconds until the first of these tasks is due again; Infinity when none is. */
export function soonestDelayMs(runs: readonly SettledRun[]): number {
  return runs.reduce(
    (soonest, { settlement: { task } }) => ("delayMs" in task ? Math.min(soonest, task.delayMs) : soonest),
    Number.POSITIVE_INFINITY,
  );
}

export const NO_ROWS: MergeCounts = { inserted: 0, updated: 0, unchanged: 0, removed: 0 };
