// Draws the graph of a registry as an SVG: a band for each phase, one below the other, and lines from what is needed down.

import type { Graph } from "../../contract/graph.ts";
import { BOX_HEIGHT, GAP, type Layout, layoutOf, type PlacedBox, type Route, topOf } from "./layout.ts";

const MARGIN = 16;
/** Around the boxes of a band; the name of the phase stands left of them. */
const BAND = { above: 12, left: 104, right: 24 };
const LEGEND = 36;

/** A picture that reads from top to bottom; it follows the reader's light or dark scheme. */
export function renderSvg(graph: Graph): string {
  const layout = layoutOf(graph);
  const { left, right, layers } = layout;
  const width = Math.ceil(right - left) + BAND.left + BAND.right + 2 * MARGIN;
  const bottom = Math.max(0, topOf(layers.length) - GAP) + BAND.above;
  const height = bottom + BAND.above + MARGIN + LEGEND + MARGIN;
  const shift = `translate(${rounded(MARGIN + BAND.left - left)} ${MARGIN + BAND.above})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(titleOf(graph))}</title>`,
    STYLE,
    ...bands(graph, layout, width),
    `<g transform="${shift}">`,
    ...layout.routes.map(line),
    ...layout.boxes.map((each) => box(each, layout.boxWidth)),
    "</g>",
    legend(height - MARGIN - LEGEND / 2),
    "</svg>",
    "",
  ].join("\n");
}

function titleOf(graph: Graph): string {
  const pipelines = [...new Set(graph.phases.map((phase) => phase.pipeline))];
  return `The processors of ${pipelines.join(", ")} and what each needs`;
}

const STYLE = `<style>
.band { fill: #f6f8fa } .box { fill: #ffffff; stroke: #8c959f } .critical { stroke: #bc4c00; stroke-width: 2 }
.name { fill: #1f2328; font-size: 13px; text-anchor: middle } .covers, .key { fill: #59636e; font-size: 11px } .covers { text-anchor: middle }
.phase { fill: #59636e; font-size: 13px; font-weight: 600 }
.need { fill: none; stroke: #6e7781; stroke-width: 1.2 } .optional { stroke-dasharray: 1.5 3 } .either { stroke-dasharray: 6 3 } .end { fill: #6e7781 }
@media (prefers-color-scheme: dark) {
.band { fill: #151b23 } .box { fill: #0d1117; stroke: #656c76 } .critical { stroke: #f0883e } .name { fill: #f0f6fc }
.covers, .key, .phase { fill: #9198a1 } .need { stroke: #9198a1 } .end { fill: #9198a1 }
}
</style>
<defs><marker id="end" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path class="end" d="M0 0 L6 3 L0 6 z"/></marker></defs>`;

function bands(graph: Graph, { layers }: Layout, width: number): string[] {
  const several = new Set(graph.phases.map((phase) => phase.pipeline)).size > 1;
  return graph.phases.flatMap((phase, index) => {
    const first = layers.findIndex((layer) => layer.phase === index);
    const last = layers.findLastIndex((layer) => layer.phase === index);
    const height = topOf(last) - topOf(first) + BOX_HEIGHT + 2 * BAND.above;
    const y = MARGIN + topOf(first);
    const name = several ? `${phase.pipeline}: ${phase.name}` : phase.name;
    return [
      `<rect class="band" x="${MARGIN}" y="${y}" width="${width - 2 * MARGIN}" height="${height}" rx="8"/>`,
      `<text class="phase" x="${MARGIN + 12}" y="${y + 24}">${escaped(name)}</text>`,
    ];
  });
}

function box({ name, covers, criticality, x, y }: PlacedBox, width: number): string {
  const kind = criticality === "critical" ? "box critical" : "box";
  const left = rounded(x - width / 2);
  return [
    `<rect class="${kind}" x="${left}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="6"/>`,
    `<text class="name" x="${rounded(x)}" y="${y + 19}">${escaped(name)}</text>`,
    `<text class="covers" x="${rounded(x)}" y="${y + 35}">${escaped(covers)}</text>`,
  ].join("");
}

/** Between layers a line bends, within one it passes straight. */
function line({ from, to, kind, points: [start, ...points] }: Route): string {
  if (start === undefined) return "";
  let before = start;
  const parts = points.map((point, index) => {
    const bend = Math.max(GAP, point.y - before.y) / 2;
    const curve = `C${at(before.x, before.y + bend)} ${at(point.x, point.y - bend)} ${at(point.x, point.y)}`;
    before = point;
    return index % 2 === 0 ? curve : `L${at(point.x, point.y)}`;
  });
  const path = `M${at(start.x, start.y)} ${parts.join(" ")}`;
  return `<path class="need ${kind}" d="${path}" marker-end="url(#end)"><title>${escaped(`${to} needs ${from}`)}</title></path>`;
}

function legend(y: number): string {
  const entries = [
    ["need required", "needs"],
    ["need optional", "optional: settled in any way"],
    ["need either", "one of several is enough"],
  ];
  const lines = entries.map(([kind, text], index) => {
    const x = MARGIN + 12 + index * 220;
    return `<path class="${kind}" d="M${x} ${y} L${x + 36} ${y}" marker-end="url(#end)"/><text class="key" x="${x + 46}" y="${y + 4}">${text}</text>`;
  });
  const x = MARGIN + 12 + entries.length * 220;
  return [
    ...lines,
    `<rect class="box critical" x="${x}" y="${y - 7}" width="36" height="14" rx="3"/><text class="key" x="${x + 46}" y="${y + 4}">critical</text>`,
  ].join("");
}

const at = (x: number, y: number) => `${rounded(x)} ${rounded(y)}`;
const rounded = (value: number) => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
