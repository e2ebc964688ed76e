// Turns definitions into the registry, or into the list of everything that is wrong with them.

import { orderByDependency } from "../../domain/graph.ts";
import { asNeed } from "../needs.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Processor } from "../processor.ts";
import {
  type CompiledPipeline,
  type CompiledProcessor,
  type Environment,
  type Registry,
  secretsOf,
} from "../registry.ts";
import { compileRetention, type Retention } from "../retention.ts";
import { declaredSecrets, declaredSources, type Source } from "../source.ts";
import { checkDatasets, checkNeeds, checkSecrets, checkSources } from "./definitions.ts";
import { checkPartitions } from "./partitions.ts";
import { ConfigurationError, Problems } from "./problems.ts";
import { compileProcessor, placeOf, processorNameOf } from "./processor.ts";
import { compileQueues } from "./queue.ts";
import { compileSchedule } from "./schedule.ts";

export interface CompileOptions {
  /** Where secrets are looked up. */
  environment: Environment;
  /** Default: every source declared in this process. */
  sources?: readonly Source[];
  /** Ages that differ from the defaults. */
  retention?: Retention | undefined;
}

/** Compiles and checks pipelines. Throws {@link ConfigurationError} with every mistake found. */
export function compileRegistry(pipelines: readonly Pipeline[], options: CompileOptions): Registry {
  const problems = new Problems();
  noteDuplicates(problems, "pipeline", pipelines);
  noteDuplicates(
    problems,
    "processor",
    pipelines.flatMap((pipeline) => pipeline.processors),
  );
  noteDuplicates(
    problems,
    "schedule",
    pipelines.flatMap((pipeline) => pipeline.schedules ?? []),
  );
  for (const pipeline of pipelines) checkPipeline(pipeline, problems);
  const declared = pipelines.flatMap((pipeline) =>
    pipeline.processors.map((each) => ({ pipeline, processor: each })),
  );
  const queues = compileQueues(
    declared.map((each) => each.processor),
    problems,
  );
  const compiled = declared.map(({ pipeline, processor }) =>
    compileProcessor(pipeline, processor, queues, problems),
  );
  const byName = new Map(compiled.map((each) => [each.name, each]));
  checkPartitions(compiled, problems);
  checkNeeds(compiled, byName, problems);
  const schedules = pipelines.flatMap((pipeline) =>
    (pipeline.schedules ?? []).map((each) => compileSchedule(pipeline, each, byName, problems)),
  );
  const { datasets, owners } = checkDatasets(compiled, problems);
  checkSources(options.sources ?? declaredSources(), problems);
  checkSecrets(options.sources?.flatMap(secretsOf) ?? declaredSecrets(), options.environment, problems);
  const retention = compileRetention(options.retention, problems);
  const order = orderOf(
    declared.map((each) => each.processor),
    problems,
  );
  if (problems.list.length > 0) throw new ConfigurationError(problems.list);
  const processors = new Map(order.flatMap((name) => entryOf(byName, name)));
  return {
    pipelines: pipelines.map((pipeline) => compiledPipeline(pipeline, processors)),
    processors,
    queues,
    schedules: new Map(schedules.map((each) => [each.name, each])),
    datasets,
    owners,
    discoverers: new Map(
      compiled.flatMap((each) => each.discovers.map((set) => [set.name, each.name] as const)),
    ),
    retention,
  };
}

function orderOf(processors: readonly Processor[], problems: Problems): string[] {
  const dependencies = new Map(processors.map((each) => [each.name, dependencyNames(each)]));
  const ordering = orderByDependency(dependencies);
  if ("order" in ordering) return ordering.order;
  const [first = ""] = ordering.cycle;
  const cycle = ordering.cycle.join(" → ");
  problems.add(
    placeOf("processor", first, processors.find((each) => each.name === first)?.declaredAt),
    "DEPENDENCY_CYCLE",
    `its needs form a circle: ${cycle}`,
    "take one of these needs away",
  );
  return [];
}

function dependencyNames(processor: Processor): string[] {
  return (processor.options.needs ?? []).flatMap((input) => {
    const wanted = asNeed(input);
    if (wanted.kind === "required") return [processorNameOf(wanted.processor)];
    if (wanted.kind === "optional") return [processorNameOf(wanted.need.processor)];
    return wanted.options.map((option) => processorNameOf(option.processor));
  });
}

function noteDuplicates(
  problems: Problems,
  kind: "pipeline" | "processor" | "schedule",
  named: readonly { name: string; declaredAt?: string }[],
): void {
  const seen = new Set<string>();
  for (const { name, declaredAt } of named) {
    if (seen.has(name)) {
      problems.add(
        placeOf(kind, name, declaredAt),
        "DUPLICATE_NAME",
        `two ${kind}s are called ${name}`,
        "give one of them another name",
      );
    }
    seen.add(name);
  }
}

function checkPipeline({ name, phases }: Pipeline, problems: Problems): void {
  const where = placeOf("pipeline", name);
  problems.name(where, name);
  for (const phase of new Set(phases.filter((each, index) => phases.indexOf(each) !== index))) {
    problems.add(
      `${where} › phases`,
      "DUPLICATE_NAME",
      `two phases are called ${phase}`,
      "name each phase once",
    );
  }
}

function compiledPipeline(
  pipeline: Pipeline,
  processors: ReadonlyMap<string, CompiledProcessor>,
): CompiledPipeline {
  const own = [...processors.values()].filter((each) => each.pipeline === pipeline.name);
  return { name: pipeline.name, phases: pipeline.phases, processors: own };
}

function entryOf(
  byName: ReadonlyMap<string, CompiledProcessor>,
  name: string,
): [string, CompiledProcessor][] {
  const found = byName.get(name);
  return found === undefined ? [] : [[name, found]];
}
