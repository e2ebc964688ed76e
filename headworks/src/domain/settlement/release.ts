// Edges between outputs, and when they release the output downstream of them.

import type { LedgerStatus } from "./states.ts";

/** How a need looks at what is upstream: `required`, or `optional` (settled in any way will do). */
export type NeedMode = "required" | "optional";

/** Where a neighbor of an output is: `up` is what it needs, `down` is what needs it. */
export type EdgeDirection = "up" | "down";

/** One edge of an output, with the status of the output it leads to. */
export interface Edge {
  /** The position of the need among the processor's needs. */
  need: number;
  /** The alternative of an `anyOf` need that this edge belongs to; 0 where there is only one. */
  option: number;
  mode: NeedMode;
  acceptsDegraded: boolean;
  upstream: LedgerStatus;
}

/** Whether this edge alone is satisfied. A waived output will never come, so nobody waits for it. */
export function isSatisfied(edge: Edge): boolean {
  switch (edge.upstream) {
    case "complete":
    case "empty":
    case "waived":
      return true;
    case "degraded":
      return edge.acceptsDegraded || edge.mode === "optional";
    case "failed":
      return edge.mode === "optional";
    case "expected":
      return false;
  }
}

/**
 * Whether an output may run: of every need, at least one alternative has all its edges satisfied. `store/ledger/release.sql`
 * decides this by itself; this function is the oracle of its tests.
 */
export function isReleasable(edges: readonly Edge[]): boolean {
  const needs = new Map<number, Map<number, boolean>>();
  for (const edge of edges) {
    const options = needs.get(edge.need) ?? new Map<number, boolean>();
    options.set(edge.option, (options.get(edge.option) ?? true) && isSatisfied(edge));
    needs.set(edge.need, options);
  }
  return [...needs.values()].every((options) => [...options.values()].some(Boolean));
}
