// Writes the graph of a registry as a Mermaid flowchart.

import type { DrawnGraph, DrawnNeed } from "./graph.ts";

const ARROWS: Record<DrawnNeed["kind"], string> = {
  required: "-->",
  optional: "-. optional .->",
  either: "-. either .->",
};

/** A flowchart from left to right, with a box for each phase. */
export function renderMermaid(graph: DrawnGraph): string {
  const several = new Set(graph.phases.map((phase) => phase.pipeline)).size > 1;
  const phases = graph.phases.flatMap((phase, index) => [
    `  subgraph p${index}["${several ? `${phase.pipeline}: ` : ""}${phase.name}"]`,
    ...phase.processors.map(
      (processor) => `    ${processor.name}["${processor.name}<br/>${processor.covers}"]`,
    ),
    "  end",
  ]);
  const needs = graph.needs.map((need) => `  ${need.from} ${ARROWS[need.kind]} ${need.to}`);
  return ["flowchart LR", ...phases, ...needs, ""].join("\n");
}
