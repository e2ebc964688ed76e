// Puts the processors of a graph into layers: phases in their order, and within one, each after those that it needs.

import type { Graph, GraphNeed, GraphPhase, GraphProcessor } from "../../contract/graph.ts";

/** What stands side by side. */
export interface Layer {
  /** The position of its phase in the graph. */
  phase: number;
  processors: GraphProcessor[];
}

/** The layers from the first to the last; a phase has as many as the longest chain of needs within it. */
export function layersOf({ phases, needs }: Graph): Layer[] {
  return phases.flatMap((phase, index) => {
    const depths = depthsWithin(phase, needs);
    const levels = Map.groupBy(phase.processors, ({ name }) => depths.get(name) ?? 0);
    return [...levels]
      .sort(([a], [b]) => a - b)
      .map(([, processors]): Layer => ({ phase: index, processors }));
  });
}

/** How many processors of the same phase come before each, at most. They are in order of dependency. */
function depthsWithin({ processors }: GraphPhase, needs: readonly GraphNeed[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { name } of processors) {
    const before = needs.flatMap((need) => (need.to === name ? (depths.get(need.from) ?? []) : []));
    depths.set(name, Math.max(-1, ...before) + 1);
  }
  return depths;
}
