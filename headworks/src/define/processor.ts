// processor(): one unit of work in a phase, with its registry entry.

import type { ExpectedBy } from "../domain/calendar/deadline.ts";
import type { DynamicPartitions, PartitionSet, SinglePartition } from "../domain/calendar/partitions.ts";
import type { Criticality } from "../domain/criticality.ts";
import type { Duration } from "../domain/duration.ts";
import type { RecordRange } from "../domain/settlement/expectation.ts";
import type { BreakerOptions } from "./breaker.ts";
import type { ExpectContext, RunContext } from "./context.ts";
import type { Dataset } from "./dataset.ts";
import type { DynamicTimeoutOptions } from "./dynamic-timeout.ts";
import type { NeedInput } from "./needs.ts";
import type { Queue } from "./queue.ts";
import type { RunResult } from "./results.ts";

/** A command, or an HTTP endpoint, that does the work instead of a function. */
export type ExternalTarget =
  | {
      kind: "command";
      command: readonly [string, ...string[]];
      directory?: string;
      env?: Record<string, string>;
    }
  | { kind: "http"; url: string; headers?: Record<string, string> };

/** How many records there ought to be; undefined when nothing can vouch for this partition. */
type Expected = number | RecordRange | undefined;

export interface ProcessorOptions<S extends PartitionSet, O extends Dataset, N extends string> {
  /** One of the pipeline's phases. */
  phase: string;
  /** Default `normal`. */
  criticality?: Criticality;
  needs?: readonly NeedInput[];
  /** Default `single()`. */
  partitions?: S;
  /** How many records there ought to be; without it, emptiness is believed. */
  expect?: number | RecordRange | ((ctx: ExpectContext<NoInfer<S>>) => Promise<Expected> | Expected);
  /** After this, an unsettled output is overdue. */
  expectedBy?: ExpectedBy;
  /** The one time limit of a run. Default: the queue's `dispatchDeadline`. */
  hardTimeout?: Duration;
  /** A limit that follows how long successful runs take. Off when left out. */
  dynamicTimeout?: DynamicTimeoutOptions;
  /** A run that shows no progress for so long is stuck. Off when left out. */
  heartbeat?: Duration;
  /** Leaves its tasks alone for a while after failures, in all processes. Off when left out. */
  breaker?: BreakerOptions;
  /** How often a task that waits for data looks again. Default 15m. */
  recheckEvery?: Duration;
  /** How long it waits before it is failed. Default 3d. */
  giveUpAfter?: Duration;
  /** The share of rows, 0 to 1, that may be invalid. Default 0.05. */
  rejectedTolerance?: number;
  /** A queue or its name. Default `default`. */
  queue?: Queue | string;
  /** The datasets it owns. */
  output?: O | readonly O[];
  /** The partition sets it discovers. */
  discovers?: DynamicPartitions<N> | readonly DynamicPartitions<N>[];
  run:
    | ((ctx: RunContext<NoInfer<S>, NoInfer<O>, NoInfer<N>>) => Promise<RunResult | void> | RunResult | void)
    | ExternalTarget;
}

/** One unit of work. Made with {@link processor}. */
export interface Processor {
  kind: "processor";
  name: string;
  options: AnyProcessorOptions;
  /** Where it was declared, for error messages: a file, line and column in YAML. */
  declaredAt?: string;
}

/** The options with their types forgotten: the engine calls run() with a context that fits. */
export interface AnyProcessorOptions
  extends Omit<ProcessorOptions<PartitionSet, Dataset, string>, "run" | "expect"> {
  expect?: number | RecordRange | ExpectFunction;
  run: RunFunction | ExternalTarget;
}

export type RunFunction = (ctx: RunContext) => Promise<RunResult | void> | RunResult | void;
export type ExpectFunction = (ctx: ExpectContext) => Promise<Expected> | Expected;

/** Declares a processor. Nothing is checked here: mistakes are all listed at once when the configuration is loaded. */
export function processor<
  const S extends PartitionSet = SinglePartition,
  O extends Dataset = never,
  const N extends string = never,
>(name: string, options: ProcessorOptions<S, O, N>): Processor {
  return { kind: "processor", name, options: options as unknown as AnyProcessorOptions };
}
