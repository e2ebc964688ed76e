import { expect, test } from "vitest";
import { graphOf } from "./graph.ts";
import { layoutOf } from "./layout.ts";
import { renderMermaid } from "./mermaid.ts";
import { crossings, type Node, untangled } from "./order.ts";
import { seasonRegistry } from "./season.fixture.ts";
import { renderSvg } from "./svg.ts";

const graph = graphOf(seasonRegistry());
const names = graph.phases.flatMap((phase) => phase.processors.map(({ name }) => name));

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The attributes of each tag of a kind. */
function tagsOf(svg: string, kind: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${kind}\\b([^>]*)>`, "g"))].map(([, attributes = ""]) =>
    Object.fromEntries(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ),
  );
}

function rectanglesOf(svg: string, kind: string): Rectangle[] {
  return tagsOf(svg, "rect")
    .filter((tag) => tag.class?.split(" ")[0] === kind)
    .map(({ x, y, width, height }) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }));
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether every tag is closed in its order, and nothing but tags and escaped text is there. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, closing, name = "", rest = ""] of xml.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
    if (closing === "/") {
      if (open.pop() !== name) return false;
    } else if (!rest.endsWith("/")) open.push(name);
  }
  const text = xml.replaceAll(/<[^<>]*>/g, "");
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;)/.test(text);
}

test("tells the phases in their order, what each processor covers, and how each need is meant", () => {
  expect(graph.phases.map((phase) => phase.name)).toEqual(["raw", "analytics", "publish"]);
  expect(graph.phases[0]?.processors).toContainEqual({
    ...{ name: "box_scores", covers: "games", criticality: "normal" as const },
  });
  expect(graph.needs).toHaveLength(13);
  expect(graph.needs).toContainEqual({ from: "schedule_log", to: "standings", kind: "either" });
  expect(graph.needs).toContainEqual({ from: "lines", to: "page", kind: "optional" });
  expect(graph.needs).toContainEqual({ from: "schedule", to: "box_scores", kind: "required" });
});

test("the Mermaid flowchart has every processor in the box of its phase, and every need", () => {
  const lines = renderMermaid(graph).split("\n");

  expect(lines[0]).toMatch(/^flowchart /);
  for (const name of names)
    expect(lines.filter((line) => line.trim().startsWith(`${name}["`))).toHaveLength(1);
  const arrows = lines.filter((line) => /->/.test(line)).map((line) => line.trim());
  expect(arrows).toHaveLength(graph.needs.length);
  expect(arrows).toContain("schedule --> box_scores");
  expect(arrows).toContain("lines -. optional .-> page");
  expect(lines.filter((line) => line.trim() === "end")).toHaveLength(3);
});

test("a processor called as a word of Mermaid's own has another id, and its name", () => {
  const processors = ["end", "raw"].map((name) => ({ name, covers: "day", criticality: "normal" as const }));
  const needs = [{ from: "raw", to: "end", kind: "required" as const }];
  const text = renderMermaid({ phases: [{ pipeline: "p", name: "all", processors }], needs });
  expect(text).toContain('END["end<br/>day"]');
  expect(text).toContain("raw --> END");
});

test("the SVG is well-formed, with each processor once and each need as a line that says what it is", () => {
  const svg = renderSvg(graph);

  expect(isWellFormed(svg)).toBe(true);
  for (const name of names) expect(svg.match(new RegExp(`class="name"[^>]*>${name}<`, "g"))).toHaveLength(1);
  const titles = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title);
  expect(titles.sort()).toEqual(graph.needs.map(({ from, to }) => `${to} needs ${from}`).sort());
});

test("no boxes overlap, and each stands in the band of its phase, within the picture", () => {
  const svg = renderSvg(graph);
  const boxes = rectanglesOf(svg, "box").slice(0, names.length);
  const [, shiftX = 0, shiftY = 0] = (/translate\((\S+) (\S+)\)/.exec(svg) ?? []).map(Number);
  const placed = boxes.map((box) => ({ ...box, x: box.x + shiftX, y: box.y + shiftY }));
  const [width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).slice(1).map(Number);
  const bands = rectanglesOf(svg, "band");

  expect(placed).toHaveLength(names.length);
  expect(bands).toHaveLength(3);
  placed.forEach((box, index) => {
    expect(placed.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
    expect(bands.filter((band) => overlap(box, band))).toHaveLength(1);
    expect(box.x).toBeGreaterThan(0);
    expect(box.x + box.width).toBeLessThan(width);
    expect(box.y + box.height).toBeLessThan(height);
  });
});

test("lines lead down from box to box, and pass beside those between", () => {
  const { boxes, routes, boxWidth } = layoutOf(graph);
  const boxOf = (name: string) => boxes.find((box) => box.name === name);

  for (const { from, to, points } of routes) {
    expect(points[0]).toMatchObject({ x: boxOf(from)?.x });
    expect(Math.abs((points.at(-1)?.x ?? Number.NaN) - (boxOf(to)?.x ?? 0))).toBeLessThan(boxWidth / 2);
    expect(points.map(({ y }) => y)).toEqual(points.map(({ y }) => y).sort((a, b) => a - b));
    for (const point of points.slice(1, -1)) {
      const within = boxes.filter(
        ({ x, y }) => Math.abs(x - point.x) < boxWidth / 2 && point.y >= y && point.y <= y + 44,
      );
      expect(within.map(({ name }) => `${from} → ${to} through ${name}`)).toEqual([]);
    }
  }
});

test("the same registry gives the same picture", () => {
  expect(renderSvg(graphOf(seasonRegistry()))).toBe(renderSvg(graph));
});

test("a pipeline without processors gives an empty picture", () => {
  const svg = renderSvg({ phases: [], needs: [] });
  expect(isWellFormed(svg)).toBe(true);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test("names that XML would read as its own are escaped", () => {
  const odd = { name: "a<b>&c", covers: "once", criticality: "normal" as const };
  const svg = renderSvg({ phases: [{ pipeline: "p", name: "<raw>", processors: [odd] }], needs: [] });
  expect(isWellFormed(svg)).toBe(true);
  expect(svg).toContain("a&lt;b&gt;&amp;c");
});

test("an order of rows is found in which nothing crosses, where there is one", () => {
  const node = (id: string, layer: number): Node => ({ id, layer, width: 9, up: new Set(), down: new Set() });
  const [a, b, c] = [node("a", 0), node("b", 0), node("c", 0)];
  const [x, y, z] = [node("x", 1), node("y", 1), node("z", 1)];
  for (const [upper, lower] of [
    [a, z],
    [b, x],
    [c, y],
  ] as const) {
    upper.down.add(lower);
    lower.up.add(upper);
  }
  const rows = [
    [a, b, c],
    [x, y, z],
  ];
  expect(crossings(rows)).toBe(2);
  expect(crossings(untangled(rows))).toBe(0);
});
