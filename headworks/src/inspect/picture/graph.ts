// The graph of a registry as it is drawn: phases in their order, processors in them, needs between them.

import type { CompiledNeed, CompiledProcessor, Registry } from "../../define/registry.ts";
import type { PartitionSet } from "../../domain/calendar/partitions.ts";

export interface DrawnProcessor {
  name: string;
  /** What it covers, in a word: `day`, `games`, `once`. */
  covers: string;
  criticality: string;
}

export interface DrawnPhase {
  pipeline: string;
  name: string;
  processors: DrawnProcessor[];
}

export interface DrawnNeed {
  from: string;
  to: string;
  /** `optional`, `either`, or nothing for a plain one. */
  kind: "required" | "optional" | "either";
}

export interface DrawnGraph {
  phases: DrawnPhase[];
  needs: DrawnNeed[];
}

/** What there is to draw of a registry. Processors come in order of dependency. */
export function drawnGraph(registry: Registry): DrawnGraph {
  const processors = [...registry.processors.values()];
  const phases = registry.pipelines.flatMap((pipeline) =>
    pipeline.phases.map((name) => ({
      pipeline: pipeline.name,
      name,
      processors: processors
        .filter((each) => each.pipeline === pipeline.name && each.phase === name)
        .map(drawn),
    })),
  );
  const needs = processors.flatMap((processor) =>
    processor.needs.flatMap((need) => drawnNeeds(processor, need)),
  );
  return { phases: phases.filter((phase) => phase.processors.length > 0), needs };
}

function drawn(processor: CompiledProcessor): DrawnProcessor {
  return { name: processor.name, covers: coverOf(processor.partitions), criticality: processor.criticality };
}

function drawnNeeds(processor: CompiledProcessor, need: CompiledNeed): DrawnNeed[] {
  const kind = need.mode === "optional" ? "optional" : need.options.length > 1 ? "either" : "required";
  return need.options.map((option) => ({ from: option.processor, to: processor.name, kind }));
}

function coverOf(set: PartitionSet): string {
  if (set.kind === "single") return "once";
  return set.kind === "dynamic" ? set.name : set.unit;
}
