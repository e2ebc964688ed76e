// Writes the graph of a registry as a Mermaid flowchart.

import type { Graph, GraphNeed } from "../../contract/graph.ts";

const ARROWS: Record<GraphNeed["kind"], string> = {
  required: "-->",
  optional: "-. optional .->",
  either: "-. either .->",
};

/** Words of Mermaid's own, which break a flowchart as the name of a box. */
const RESERVED = new Set([
  "call",
  "class",
  "click",
  "default",
  "direction",
  "end",
  "graph",
  "style",
  "subgraph",
]);

/** A flowchart from left to right, with a box for each phase. */
export function renderMermaid(graph: Graph): string {
  const several = new Set(graph.phases.map((phase) => phase.pipeline)).size > 1;
  const phases = graph.phases.flatMap((phase, index) => [
    `  subgraph p${index}["${several ? `${phase.pipeline}: ` : ""}${phase.name}"]`,
    ...phase.processors.map(
      (processor) => `    ${idOf(processor.name)}["${processor.name}<br/>${processor.covers}"]`,
    ),
    "  end",
  ]);
  const needs = graph.needs.map((need) => `  ${idOf(need.from)} ${ARROWS[need.kind]} ${idOf(need.to)}`);
  return ["flowchart LR", ...phases, ...needs, ""].join("\n");
}

/** Names have no capitals, so that this one is nobody else's. */
function idOf(name: string): string {
  return RESERVED.has(name) ? name.toUpperCase() : name;
}
