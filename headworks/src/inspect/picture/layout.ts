// Lays out a graph in layers: a need that passes layers bends around what stands there, and few lines cross.

import type { Graph, GraphNeed, GraphProcessor } from "../../contract/graph.ts";
import { type Layer, layersOf } from "./layers.ts";
import { type Node, untangled } from "./order.ts";
import { straightened } from "./spread.ts";

/** In the picture's units, as all sizes. */
export const BOX_HEIGHT = 44;
/** Between a layer and the next one, where lines run. */
export const GAP = 52;

export interface PlacedBox extends GraphProcessor {
  /** The middle of its upper edge. */
  x: number;
  y: number;
}

/** A need as the points that its line passes, alternately at the lower edge of a layer and the upper edge of another. */
export interface Route extends GraphNeed {
  points: { x: number; y: number }[];
}

export interface Layout {
  layers: Layer[];
  boxes: PlacedBox[];
  /** Of every box: room for the longest name. */
  boxWidth: number;
  routes: Route[];
  /** The x of the leftmost and rightmost points. */
  left: number;
  right: number;
}

/** The upper edge of a layer. */
export const topOf = (layer: number) => layer * (BOX_HEIGHT + GAP);

const NARROWEST_BOX = 120;
const CHARACTER = 7.2;
const PADDING = 12;

/** Where everything goes. The same graph always gives the same layout. */
export function layoutOf(graph: Graph): Layout {
  const layers = layersOf(graph);
  const layerOf = new Map(
    layers.flatMap(({ processors }, layer) => processors.map(({ name }) => [name, layer] as const)),
  );
  const longest = Math.max(0, ...[...layerOf.keys()].map((name) => name.length));
  const boxWidth = Math.max(NARROWEST_BOX, Math.ceil(longest * CHARACTER) + 2 * PADDING);
  const nodes = new Map<string, Node>();
  for (const [name, layer] of layerOf) nodes.set(name, node(name, layer, boxWidth));
  const chains = graph.needs.map((need) => chainOf(need, layerOf, nodes));
  for (const chain of chains) link(chain, nodes);

  const rows = layers.map((_, layer) => [...nodes.values()].filter((each) => each.layer === layer));
  const middles = straightened(untangled(rows));
  const boxes = layers.flatMap(({ processors }, layer) =>
    processors.map((each) => ({ ...each, x: middles.get(each.name) ?? 0, y: topOf(layer) })),
  );
  const entries = entriesOf(chains, middles, boxWidth * 0.8);
  const routes = graph.needs.map((need, index) => {
    const points = (chains[index] ?? []).map((id) => ({
      x: middles.get(id) ?? 0,
      layer: layerIn(nodes, id),
    }));
    return { ...need, points: pointsOf(points, entries[index] ?? 0) };
  });
  const sides = [...nodes.values()].map(({ id, width }) => ({ x: middles.get(id) ?? 0, half: width / 2 }));
  const left = sides.reduce((least, { x, half }) => Math.min(least, x - half), 0);
  const right = sides.reduce((most, { x, half }) => Math.max(most, x + half), 0);
  return { layers, boxes, boxWidth, routes, left, right };
}

/** The nodes on the way of a need. Those that start at one processor share their bends, as branches of one line. */
function chainOf(need: GraphNeed, layerOf: ReadonlyMap<string, number>, nodes: Map<string, Node>): string[] {
  const from = layerOf.get(need.from) ?? 0;
  const to = layerOf.get(need.to) ?? 0;
  const bends = Array.from({ length: Math.max(0, to - from - 1) }, (_, index) => from + 1 + index);
  const ids = bends.map((layer) => {
    const id = `${need.from} ${layer}`;
    if (!nodes.has(id)) nodes.set(id, node(id, layer, 0));
    return id;
  });
  return [need.from, ...ids, need.to];
}

function node(id: string, layer: number, width: number): Node {
  return { id, layer, width, up: new Set(), down: new Set() };
}

/** A need of something in a layer further down is drawn, and doesn't count for the order. */
function link(chain: readonly string[], nodes: ReadonlyMap<string, Node>): void {
  chain.slice(1).forEach((id, index) => {
    const upper = nodes.get(chain[index] ?? "");
    const lower = nodes.get(id);
    if (upper === undefined || lower === undefined || lower.layer !== upper.layer + 1) return;
    upper.down.add(lower);
    lower.up.add(upper);
  });
}

/** How far from the middle of its upper edge each chain enters its last box, so that lines from the left enter left. */
function entriesOf(
  chains: readonly string[][],
  middles: ReadonlyMap<string, number>,
  room: number,
): number[] {
  const offsets = chains.map(() => 0);
  const ends = chains.map((chain, index) => ({
    index,
    to: chain.at(-1),
    x: middles.get(chain.at(-2) ?? "") ?? 0,
  }));
  for (const group of Map.groupBy(ends, ({ to }) => to).values()) {
    const step = Math.min(16, room / group.length);
    group.sort((a, b) => a.x - b.x);
    group.forEach(({ index }, place) => {
      offsets[index] = (place - (group.length - 1) / 2) * step;
    });
  }
  return offsets;
}

function layerIn(nodes: ReadonlyMap<string, Node>, id: string): number {
  return nodes.get(id)?.layer ?? 0;
}

function pointsOf(nodes: readonly { x: number; layer: number }[], entry: number): Route["points"] {
  return nodes.flatMap(({ x, layer }, index) => {
    const upper = { x, y: topOf(layer) };
    const lower = { x, y: topOf(layer) + BOX_HEIGHT };
    if (index === 0) return [lower];
    return index === nodes.length - 1 ? [{ ...upper, x: x + entry }] : [upper, lower];
  });
}
