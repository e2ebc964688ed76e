// Makes definitions of a checked processors.yaml, the same as pipeline() and processor() give in TypeScript.

import { resolve } from "node:path";
import type { ExpectedBy } from "../../domain/calendar/deadline.ts";
import type { Mapping } from "../../domain/calendar/mapping.ts";
import type { PartitionSet } from "../../domain/calendar/partitions.ts";
import type { Duration } from "../../domain/duration.ts";
import type { BreakerOptions } from "../breaker.ts";
import type { DynamicTimeoutOptions } from "../dynamic-timeout.ts";
import { anyOf, every, type Need, need, optional, preceding, type RequiredNeed, trailing } from "../needs.ts";
import { daily, hourly, monthly, single, weekly } from "../partition-sets.ts";
import { type Pipeline, pipeline } from "../pipeline.ts";
import { type ExternalTarget, type Processor, processor } from "../processor.ts";
import { type Queue, queue } from "../queue.ts";
import { offsetOfValue, type PositionedFile, placeAt } from "./position.ts";
import { defineSchedule } from "./schedules.ts";
import type { DependencyEntry, ProcessorEntry, RegistryFile } from "./schema.ts";

const CALENDARS = { hourly, daily, weekly, monthly };

/** The pipeline of the file. `directory` is where the file lies: commands run relative to it. */
export function definePipeline(file: RegistryFile, source: PositionedFile, directory: string): Pipeline {
  const queues = new Map(
    Object.entries(file.queues ?? {}).map(([name, each]) => [name, defineQueue(name, each)]),
  );
  const processors = file.processors.map(
    (entry, index): Processor => ({
      ...defineProcessor(entry, file, queues, directory),
      declaredAt: placeAt(source, offsetOfValue(source, ["processors", index])),
    }),
  );
  const schedules = file.schedules?.map((entry, index) => ({
    ...defineSchedule(entry, file.timezone),
    declaredAt: placeAt(source, offsetOfValue(source, ["schedules", index])),
  }));
  return pipeline(file.pipeline, { phases: file.phases, processors, ...(schedules && { schedules }) });
}

function defineProcessor(
  entry: ProcessorEntry,
  file: RegistryFile,
  queues: ReadonlyMap<string, Queue>,
  directory: string,
): Processor {
  return processor(
    entry.name,
    present({
      phase: entry.phase,
      criticality: entry.criticality,
      needs: entry.dependencies?.map(defineNeed),
      partitions: definePartitions(entry, file),
      expect: defineRange(entry.expected_record_range),
      expectedBy: defineDeadline(entry.sla_completion_time),
      hardTimeout: asDuration(entry.timeout),
      dynamicTimeout: entry.dynamic_timeout && defineDynamicTimeout(entry.dynamic_timeout),
      heartbeat: asDuration(entry.heartbeat),
      breaker: entry.breaker && defineBreaker(entry.breaker),
      recheckEvery: asDuration(entry.recheck_every),
      giveUpAfter: asDuration(entry.give_up_after),
      queue: entry.queue === undefined ? undefined : (queues.get(entry.queue) ?? entry.queue),
      run: defineTarget(entry.run, directory),
    }),
  );
}

function defineDynamicTimeout(entry: NonNullable<ProcessorEntry["dynamic_timeout"]>): DynamicTimeoutOptions {
  const { floor, ceiling, ...numbers } = entry;
  return present({ ...numbers, floor: asDuration(floor), ceiling: asDuration(ceiling) });
}

function defineBreaker(entry: NonNullable<ProcessorEntry["breaker"]>): BreakerOptions {
  const { failure_rate: failureRate, window, reset, ...counts } = entry;
  return present({ ...counts, failureRate, window: asDuration(window), reset: asDuration(reset) });
}

function defineQueue(name: string, settings: NonNullable<RegistryFile["queues"]>[string]): Queue {
  const { maxRetryDuration, minBackoff, maxBackoff, dispatchDeadline, ...numbers } = settings;
  return queue(
    name,
    present({
      ...numbers,
      maxRetryDuration: asDuration(maxRetryDuration),
      minBackoff: asDuration(minBackoff),
      maxBackoff: asDuration(maxBackoff),
      dispatchDeadline: asDuration(dispatchDeadline),
    }),
  );
}

function defineNeed(entry: DependencyEntry): Need {
  if (typeof entry === "string") return need(entry);
  if ("any_of" in entry) return anyOf(...entry.any_of.map(defineRequired));
  return entry.optional === true ? optional(defineRequired(entry)) : defineRequired(entry);
}

type RequiredEntry = Extract<DependencyEntry, { any_of: unknown }>["any_of"][number];

function defineRequired(entry: RequiredEntry): RequiredNeed {
  if (typeof entry === "string") return need(entry);
  return need(
    entry.processor,
    present({ accept: entry.accept, partitions: entry.partitions && defineMapping(entry.partitions) }),
  );
}

function defineMapping(entry: "every" | { trailing: number } | { preceding: number }): Mapping {
  if (entry === "every") return every();
  return "trailing" in entry ? trailing(entry.trailing) : preceding(entry.preceding);
}

function definePartitions(entry: ProcessorEntry, file: RegistryFile): PartitionSet {
  const frequency = entry.expected_frequency ?? "once";
  if (frequency === "once") return single();
  const { every: unit, ...own } = typeof frequency === "string" ? { every: frequency } : frequency;
  const { start, timezone, ...rest } = { start: file.start, timezone: file.timezone, ...own };
  if (start === undefined) throw new Error("the schema lets no calendar through without a start");
  return CALENDARS[unit](present({ ...rest, start, timezone }));
}

/** A time of day alone is that of the next day. */
function defineDeadline(text: string | undefined): ExpectedBy | undefined {
  if (text === undefined) return undefined;
  const [first = "", second] = text.split(" ");
  return second === undefined ? { days: 1, at: first } : { days: Number.parseInt(first, 10), at: second };
}

function defineRange(range: ProcessorEntry["expected_record_range"]) {
  return typeof range === "object" ? present(range) : range;
}

function defineTarget(run: ProcessorEntry["run"], directory: string): ExternalTarget {
  if ("http" in run) return present({ kind: "http" as const, url: run.http, headers: run.headers });
  const command: [string, ...string[]] = typeof run.command === "string" ? [run.command] : run.command;
  return present({
    kind: "command" as const,
    command,
    directory: resolve(directory, run.directory ?? "."),
    env: run.env,
  });
}

/** The schema has checked that it is one. */
function asDuration(text: string | undefined): Duration | undefined {
  return text as Duration | undefined;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The fields that have a value: a definition has no field that says `undefined`. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
