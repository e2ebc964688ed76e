// The graph of a registry as it is drawn: phases in their order, processors in them, needs between them.

import type { Graph, GraphNeed, GraphProcessor } from "../../contract/graph.ts";
import type { CompiledNeed, CompiledProcessor, Registry } from "../../define/registry.ts";
import type { PartitionSet } from "../../domain/calendar/partitions.ts";

/** What there is to draw of a registry. Processors come in order of dependency. */
export function graphOf(registry: Registry): Graph {
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

function drawn(processor: CompiledProcessor): GraphProcessor {
  return { name: processor.name, covers: coverOf(processor.partitions), criticality: processor.criticality };
}

function drawnNeeds(processor: CompiledProcessor, need: CompiledNeed): GraphNeed[] {
  const kind = need.mode === "optional" ? "optional" : need.options.length > 1 ? "either" : "required";
  return need.options.map((option) => ({ from: option.processor, to: processor.name, kind }));
}

function coverOf(set: PartitionSet): string {
  if (set.kind === "single") return "once";
  return set.kind === "dynamic" ? set.name : set.unit;
}
