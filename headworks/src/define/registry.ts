// The registry: every definition compiled, checked and indexed. The engine knows nothing else of a configuration.

import type { ExpectedBy } from "../domain/calendar/deadline.ts";
import type { Mapping } from "../domain/calendar/mapping.ts";
import type { DynamicPartitions, PartitionSet } from "../domain/calendar/partitions.ts";
import type { MissedPolicy, SlotPartition } from "../domain/calendar/schedule.ts";
import type { Criticality } from "../domain/criticality.ts";
import type { BreakerSettings } from "../domain/dispatch/breaker.ts";
import type { Retention } from "../domain/retention.ts";
import type { BackoffSettings } from "../domain/settlement/backoff.ts";
import type { RecordRange } from "../domain/settlement/expectation.ts";
import type { NeedMode } from "../domain/settlement/release.ts";
import type { TimeoutSettings } from "../domain/settlement/timeout.ts";
import type { Dataset } from "./dataset.ts";
import type { ExpectFunction, ExternalTarget, RunFunction } from "./processor.ts";
import type { Secret, Source } from "./source.ts";

/** One alternative of a need: an upstream processor and which of its partitions. */
export interface CompiledOption {
  processor: string;
  mapping: Mapping;
  acceptsDegraded: boolean;
}

export interface CompiledNeed {
  mode: NeedMode;
  options: readonly CompiledOption[];
}

/** A processor with every default filled in and every duration in milliseconds. */
export interface CompiledProcessor {
  name: string;
  /** Where it was declared, for error messages: a file, line and column in YAML. */
  declaredAt?: string;
  pipeline: string;
  phase: string;
  /** The position of the phase in its pipeline, from 0. */
  phaseIndex: number;
  criticality: Criticality;
  /** Dispatch order: 0 is first. From the criticality. */
  priority: number;
  partitions: PartitionSet;
  needs: readonly CompiledNeed[];
  expect: RecordRange | ExpectFunction | undefined;
  expectedBy: ExpectedBy | undefined;
  hardTimeoutMs: number;
  /** Undefined: `hardTimeoutMs` always holds. */
  dynamicTimeout: TimeoutSettings | undefined;
  heartbeatMs: number | undefined;
  breaker: BreakerSettings | undefined;
  recheckEveryMs: number;
  giveUpAfterMs: number;
  maxRejectedShare: number;
  queue: CompiledQueue;
  outputs: readonly Dataset[];
  discovers: readonly DynamicPartitions[];
  run: RunFunction | ExternalTarget;
}

/** A sub-queue: claims per second (undefined is no limit), and its share against other lanes. */
interface CompiledLane {
  name: string;
  weight: number;
  rate: number | undefined;
  burst: number;
}

export interface CompiledQueue {
  name: string;
  /** Empty, or with `live` among them. */
  lanes: readonly CompiledLane[];
  /** Claims per second; undefined is no limit. */
  rate: number | undefined;
  burst: number;
  maxConcurrent: number | undefined;
  maxAttempts: number;
  maxRetryDurationMs: number;
  backoff: BackoffSettings;
  dispatchDeadlineMs: number;
}

/** When work is created: the pattern has been checked, and every processor is there. */
export interface CompiledSchedule {
  name: string;
  pipeline: string;
  cron: string;
  timezone: string;
  /** The names of the processors that are asked for. */
  run: readonly string[];
  partition: SlotPartition;
  missed: MissedPolicy;
  /** Of the queues of its processors. */
  lane: string;
  jitterMs: number;
}

export interface CompiledPipeline {
  name: string;
  phases: readonly string[];
  /** In an order in which each comes after all that it needs. */
  processors: readonly CompiledProcessor[];
}

export interface Registry {
  pipelines: readonly CompiledPipeline[];
  /** By name, over all pipelines, in order of dependency. */
  processors: ReadonlyMap<string, CompiledProcessor>;
  queues: ReadonlyMap<string, CompiledQueue>;
  schedules: ReadonlyMap<string, CompiledSchedule>;
  datasets: ReadonlyMap<string, Dataset>;
  /** The processors that write each dataset: one, unless it is shared. */
  owners: ReadonlyMap<string, readonly string[]>;
  /** The processor that discovers each dynamic set. */
  discoverers: ReadonlyMap<string, string>;
  /** For how long what runs leave behind is kept. */
  retention: Retention;
}

/** Something wrong with a configuration: where, what, and what to do about it. */
export interface Problem {
  code: string;
  where: string;
  message: string;
  hint: string;
}

/** The processor of a name that the registry is known to have. Throws an `Error` where it hasn't. */
export function processorNamed(registry: Registry, name: string): CompiledProcessor {
  const processor = registry.processors.get(name);
  if (processor === undefined) throw new Error(`the registry has no processor ${name}`);
  return processor;
}

/** What a secret needs to be looked up in: the environment, or an object in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The secrets a source needs, by name. */
export function secretsOf(source: Source): Secret[] {
  switch (source.auth?.kind) {
    case "bearer":
      return [source.auth.token];
    case "header":
      return [source.auth.value];
    case "basic":
      return [source.auth.password];
    case undefined:
      return [];
  }
}
