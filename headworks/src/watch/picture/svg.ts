// Draws the graph of a registry as an SVG: a column for each phase, split where processors of one phase need each other.

import type { DrawnGraph, DrawnNeed, DrawnProcessor } from "./graph.ts";

const BOX = { width: 190, height: 44, gapX: 70, gapY: 18 };
const MARGIN = 24;
const HEADING = 34;

interface Placed extends DrawnProcessor {
  x: number;
  y: number;
}

interface Column {
  phase: string;
  processors: DrawnProcessor[];
}

/** A picture that reads from left to right; it follows the reader's light or dark scheme. */
export function renderSvg(graph: DrawnGraph): string {
  const columns = columnsOf(graph);
  const placed = place(columns, graph.needs);
  const rows = Math.max(...columns.map((column) => column.processors.length));
  const width = 2 * MARGIN + columns.length * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = 2 * MARGIN + HEADING + rows * (BOX.height + BOX.gapY) - BOX.gapY;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">`,
    STYLE,
    ...columns.map((column, index) => heading(column, index, columns)),
    ...graph.needs.map((need) => arrow(need, placed)),
    ...[...placed.values()].map(box),
    "</svg>",
    "",
  ].join("\n");
}

const STYLE = `<style>
.box { fill: #f6f8fa; stroke: #8c959f } .name { fill: #1f2328; font-size: 13px } .covers, .phase { fill: #59636e; font-size: 11px }
.critical { stroke: #bc4c00; stroke-width: 2 } .need { fill: none; stroke: #8c959f } .optional, .either { stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { .box { fill: #151b23; stroke: #656c76 } .name { fill: #f0f6fc } .covers, .phase { fill: #9198a1 } .critical { stroke: #f0883e } }
</style>`;

/** Phases in order; within one, a processor stands to the right of those of its phase that it needs. */
function columnsOf(graph: DrawnGraph): Column[] {
  return graph.phases.flatMap((phase) => {
    const names = new Set(phase.processors.map((each) => each.name));
    const depth = new Map<string, number>();
    for (const { name } of phase.processors) {
      const inner = graph.needs.filter(
        (need) => need.to === name && names.has(need.from) && need.from !== name,
      );
      depth.set(name, Math.max(0, ...inner.map((need) => (depth.get(need.from) ?? 0) + 1)));
    }
    const levels = Map.groupBy(phase.processors, (each) => depth.get(each.name) ?? 0);
    return [...levels.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, processors]) => ({ phase: phase.name, processors }));
  });
}

/** Within a column, processors stand near the middle of what they need, so that few arrows cross. */
function place(columns: readonly Column[], needs: readonly DrawnNeed[]): Map<string, Placed> {
  const placed = new Map<string, Placed>();
  columns.forEach((column, index) => {
    const wish = (name: string) => {
      const above = needs.flatMap((need) => (need.to === name ? (placed.get(need.from)?.y ?? []) : []));
      return above.length === 0
        ? Number.POSITIVE_INFINITY
        : above.reduce((sum, y) => sum + y, 0) / above.length;
    };
    const sorted = column.processors
      .map((each) => ({ each, wish: wish(each.name) }))
      .sort((a, b) => a.wish - b.wish);
    sorted.forEach(({ each }, row) => {
      const x = MARGIN + index * (BOX.width + BOX.gapX);
      placed.set(each.name, { ...each, x, y: MARGIN + HEADING + row * (BOX.height + BOX.gapY) });
    });
  });
  return placed;
}

function heading(column: Column, index: number, columns: readonly Column[]): string {
  if (columns[index - 1]?.phase === column.phase) return "";
  return `<text class="phase" x="${MARGIN + index * (BOX.width + BOX.gapX)}" y="${MARGIN + 12}">${escaped(column.phase)}</text>`;
}

function box({ name, covers, criticality, x, y }: Placed): string {
  const kind = criticality === "critical" ? "box critical" : "box";
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text class="name" x="${x + 12}" y="${y + 19}">${escaped(name)}</text>`,
    `<text class="covers" x="${x + 12}" y="${y + 35}">${escaped(covers)}</text>`,
  ].join("");
}

function arrow(need: DrawnNeed, placed: ReadonlyMap<string, Placed>): string {
  const from = placed.get(need.from);
  const to = placed.get(need.to);
  if (from === undefined || to === undefined) return "";
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
  const bend = Math.max(30, (x2 - x1) / 2);
  return `<path class="need ${need.kind}" d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
