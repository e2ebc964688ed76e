// Compiles one processor: defaults filled in, durations in milliseconds, needs in their long form.

import { CRITICALITIES } from "../../domain/criticality.ts";
import { breakerSettings } from "../breaker.ts";
import { asNeed, type Need, type RequiredNeed } from "../needs.ts";
import type { Pipeline } from "../pipeline.ts";
import type { AnyProcessorOptions, Processor } from "../processor.ts";
import type { CompiledNeed, CompiledOption, CompiledProcessor, CompiledQueue } from "../registry.ts";
import { checkBreaker } from "./breaker.ts";
import { compileDynamicTimeout } from "./dynamic-timeout.ts";
import type { Problems } from "./problems.ts";
import { checkTarget } from "./target.ts";

const RECHECK_EVERY_MS = 15 * 60_000;
const GIVE_UP_AFTER_MS = 3 * 86_400_000;
const REJECTED_TOLERANCE = 0.05;

/** How a problem names its place: `processor teams (processors.yaml:12:3)`. */
export function placeOf(kind: string, name: string, declaredAt?: string): string {
  return declaredAt === undefined ? `${kind} ${name}` : `${kind} ${name} (${declaredAt})`;
}

export function processorNameOf(processor: { name: string } | string): string {
  return typeof processor === "string" ? processor : processor.name;
}

export function compileProcessor(
  pipeline: Pipeline,
  processor: Processor,
  queues: ReadonlyMap<string, CompiledQueue>,
  problems: Problems,
): CompiledProcessor {
  const { options } = processor;
  const where = placeOf("processor", processor.name, processor.declaredAt);
  problems.name(where, processor.name);
  const phaseIndex = pipeline.phases.indexOf(options.phase);
  if (phaseIndex < 0) {
    const known = pipeline.phases.join(", ");
    problems.add(
      `${where} › phase`,
      "UNKNOWN_PHASE",
      `${options.phase} is no phase of ${pipeline.name}`,
      `use one of: ${known}`,
    );
  }
  const criticality = options.criticality ?? "normal";
  if (!CRITICALITIES.includes(criticality)) {
    problems.add(
      `${where} › criticality`,
      "UNKNOWN_CRITICALITY",
      `${criticality} is no criticality`,
      `use one of: ${CRITICALITIES.join(", ")}`,
    );
  }
  problems.number(`${where} › rejectedTolerance`, options.rejectedTolerance, { min: 0, max: 1 });
  const queue = queueOf(options, where, queues, problems);
  checkTarget(options, where, problems);
  checkBreaker(where, options.breaker, problems);
  const hardTimeoutMs = problems.durationMs(
    `${where} › hardTimeout`,
    options.hardTimeout,
    queue.dispatchDeadlineMs,
  );
  return {
    name: processor.name,
    ...(processor.declaredAt === undefined ? {} : { declaredAt: processor.declaredAt }),
    pipeline: pipeline.name,
    phase: options.phase,
    phaseIndex: Math.max(0, phaseIndex),
    criticality,
    priority: Math.max(0, CRITICALITIES.indexOf(criticality)),
    partitions: options.partitions ?? { kind: "single" },
    needs: (options.needs ?? []).map((input) => compileNeed(asNeed(input))),
    expect: checkedExpectation(options, where, problems),
    expectedBy: checkedDeadline(options, where, problems),
    hardTimeoutMs,
    dynamicTimeout: compileDynamicTimeout(
      `${where} › dynamicTimeout`,
      options.dynamicTimeout,
      hardTimeoutMs,
      problems,
    ),
    heartbeatMs: options.heartbeat && problems.durationMs(`${where} › heartbeat`, options.heartbeat, 0),
    breaker: options.breaker && breakerSettings(options.breaker),
    recheckEveryMs: problems.durationMs(`${where} › recheckEvery`, options.recheckEvery, RECHECK_EVERY_MS),
    giveUpAfterMs: problems.durationMs(`${where} › giveUpAfter`, options.giveUpAfter, GIVE_UP_AFTER_MS),
    maxRejectedShare: options.rejectedTolerance ?? REJECTED_TOLERANCE,
    queue,
    outputs: listOf(options.output),
    discovers: listOf(options.discovers),
    run: options.run,
  };
}

function compileNeed(need: Need): CompiledNeed {
  switch (need.kind) {
    case "required":
      return { mode: "required", options: [compileOption(need)] };
    case "optional":
      return { mode: "optional", options: [compileOption(need.need)] };
    case "any_of":
      return { mode: "required", options: need.options.map(compileOption) };
  }
}

function compileOption(need: RequiredNeed): CompiledOption {
  return {
    processor: processorNameOf(need.processor),
    mapping: need.mapping,
    acceptsDegraded: need.acceptsDegraded,
  };
}

function queueOf(
  options: AnyProcessorOptions,
  where: string,
  queues: ReadonlyMap<string, CompiledQueue>,
  problems: Problems,
): CompiledQueue {
  const name = typeof options.queue === "string" ? options.queue : (options.queue?.name ?? "default");
  const known = queues.get(name) ?? queues.get("default");
  if (known === undefined) throw new Error("the default queue is always compiled");
  if (known.name !== name) {
    problems.add(
      `${where} › queue`,
      "UNKNOWN_QUEUE",
      `unknown queue ${name}`,
      `use one of: ${[...queues.keys()].join(", ")}, or give the value of queue("${name}", …) in place of its name`,
    );
  }
  return known;
}

function checkedExpectation(options: AnyProcessorOptions, where: string, problems: Problems) {
  if (typeof options.expect === "function" || options.expect === undefined) return options.expect;
  const range = typeof options.expect === "number" ? { min: options.expect } : options.expect;
  problems.number(`${where} › expect.min`, range.min, { min: 0 });
  problems.number(`${where} › expect.max`, range.max, { min: Math.max(0, range.min) });
  return range;
}

function checkedDeadline(options: AnyProcessorOptions, where: string, problems: Problems) {
  const { expectedBy } = options;
  if (expectedBy === undefined) return undefined;
  problems.number(`${where} › expectedBy.days`, expectedBy.days, { min: 0 });
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(expectedBy.at)) {
    problems.add(
      `${where} › expectedBy.at`,
      "BAD_TIME",
      `"${expectedBy.at}" is not a time of day`,
      'write hours and minutes, such as "03:00"',
    );
    return undefined;
  }
  return expectedBy;
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
