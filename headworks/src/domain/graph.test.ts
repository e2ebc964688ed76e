// Tests of ordering by dependency: an order respects every edge, and a cycle that is reported is real.

import fc from "fast-check";
import { expect, test } from "vitest";
import { orderByDependency } from "./graph.ts";

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const aGraph = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), {
    selector: (edge) => edge.join(),
    maxLength: 14,
  })
  .map((edges) => graphOf(NAMES, edges));
/** Edges lead to names earlier in the list only, so there can be no cycle; then the names are shuffled. */
const anAcyclicGraph = fc
  .tuple(
    fc.shuffledSubarray(NAMES, { minLength: NAMES.length }),
    fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 }),
  )
  .chain(([ranked, pairs]) => {
    const edges = pairs
      .filter(([from, to]) => from > to)
      .map(([from, to]) => [ranked[from] ?? "", ranked[to] ?? ""] as const);
    return fc.shuffledSubarray(NAMES, { minLength: NAMES.length }).map((names) => graphOf(names, edges));
  });

function graphOf(
  names: readonly string[],
  edges: readonly (readonly [string, string])[],
): Map<string, string[]> {
  return new Map(names.map((name) => [name, edges.filter(([from]) => from === name).map(([, to]) => to)]));
}

test("processors come after what they depend on", () => {
  const graph = new Map([
    ["publish", ["summary", "standings"]],
    ["summary", ["box_scores"]],
    ["standings", ["box_scores"]],
    ["box_scores", []],
  ]);
  expect(orderByDependency(graph)).toEqual({ order: ["box_scores", "summary", "standings", "publish"] });
});

test("a cycle is named in full, from a name back to itself", () => {
  const graph = new Map([
    ["entry", ["a"]],
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["a"]],
  ]);
  expect(orderByDependency(graph)).toEqual({ cycle: ["a", "b", "c", "a"] });
});

test("a processor that needs itself is a cycle", () => {
  expect(orderByDependency(new Map([["a", ["a"]]]))).toEqual({ cycle: ["a", "a"] });
});

test("an unknown name is passed over and not ordered", () => {
  expect(orderByDependency(new Map([["a", ["nowhere"]]]))).toEqual({ order: ["a"] });
});

test("names that objects have of their own are names like any other", () => {
  const graph = new Map([
    ["constructor", ["toString"]],
    ["toString", []],
  ]);
  expect(orderByDependency(graph)).toEqual({ order: ["toString", "constructor"] });
});

test("a graph without a cycle is ordered whole, each name once, and every dependency first", () => {
  fc.assert(
    fc.property(anAcyclicGraph, (graph) => {
      const ordering = orderByDependency(graph);
      const order = "order" in ordering ? ordering.order : [];
      expect([...order].sort()).toEqual([...graph.keys()].sort());
      for (const [name, dependencies] of graph) {
        for (const dependency of dependencies)
          expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name));
      }
    }),
  );
});

test("of any graph there is either an order that respects it or a cycle that is really in it", () => {
  fc.assert(
    fc.property(aGraph, (graph) => {
      const ordering = orderByDependency(graph);
      if ("order" in ordering) {
        expect([...ordering.order].sort()).toEqual([...graph.keys()].sort());
        for (const [index, name] of ordering.order.entries()) {
          expect(ordering.order.slice(0, index)).toEqual(expect.arrayContaining(graph.get(name) ?? []));
        }
        return;
      }
      const { cycle } = ordering;
      expect(cycle.length).toBeGreaterThanOrEqual(2);
      expect(cycle.at(0)).toBe(cycle.at(-1));
      expect(new Set(cycle).size).toBe(cycle.length - 1);
      for (const [index, name] of cycle.slice(0, -1).entries())
        expect(graph.get(name)).toContain(cycle[index + 1]);
    }),
    { numRuns: 300 },
  );
});

test("a chain of a thousand and a lattice of many paths are ordered without trouble", () => {
  const chain = new Map(
    Array.from({ length: 1_000 }, (_, index) => [`n${index}`, index === 999 ? [] : [`n${index + 1}`]]),
  );
  const lattice = new Map(
    Array.from({ length: 80 }, (_, index) => {
      const next = Math.floor(index / 2) * 2 + 2;
      return [`n${index}`, next < 80 ? [`n${next}`, `n${next + 1}`] : []];
    }),
  );
  expect(orderByDependency(chain)).toMatchObject({ order: { length: 1_000 } });
  expect(orderByDependency(lattice)).toMatchObject({ order: { length: 80 } });
});
