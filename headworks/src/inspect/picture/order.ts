// Orders what stands side by side in layers, so that few of the lines between them cross.

/** A box, or a bend of a line that passes the layer; then its width is 0. */
export interface Node {
  id: string;
  layer: number;
  width: number;
  up: Set<Node>;
  down: Set<Node>;
}

const SWEEPS = 24;

/** The same rows, each in a better order: swept down and up by the mean place of the neighbors; the best is kept. */
export function untangled(rows: readonly Node[][]): Node[][] {
  let best = rows.map((row) => [...row]);
  let fewest = crossings(best);
  const current = best.map((row) => [...row]);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const layers = current.map((_, layer) => layer);
    for (const layer of isDown ? layers : layers.reverse()) sortRow(current, layer, isDown ? "up" : "down");
    const count = crossings(current);
    if (count >= fewest) continue;
    fewest = count;
    best = current.map((row) => [...row]);
  }
  return best;
}

function sortRow(rows: Node[][], layer: number, side: "up" | "down"): void {
  const row = rows[layer] ?? [];
  const places = placesIn(rows[side === "up" ? layer - 1 : layer + 1] ?? []);
  const own = placesIn(row);
  const wish = new Map(
    row.map((node) => {
      const wished = [...node[side]].map((each) => places.get(each) ?? 0);
      const mean = wished.reduce((sum, place) => sum + place, 0) / wished.length;
      return [node, wished.length === 0 ? (own.get(node) ?? 0) : mean];
    }),
  );
  row.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
}

/** How many pairs of lines cross between neighboring rows. */
export function crossings(rows: readonly (readonly Node[])[]): number {
  return rows.slice(1).reduce((sum, row, index) => {
    const upper = placesIn(rows[index] ?? []);
    const lines = row.flatMap((node, lower) =>
      [...node.up].map((each) => ({ upper: upper.get(each) ?? 0, lower })),
    );
    const crossing = (a: (typeof lines)[number], b: (typeof lines)[number]) =>
      (a.upper - b.upper) * (a.lower - b.lower) < 0;
    return sum + lines.reduce((n, a, at) => n + lines.slice(at + 1).filter((b) => crossing(a, b)).length, 0);
  }, 0);
}

/** Places from 0 to 1, so that a row of two can be compared with a row of nine. */
function placesIn(row: readonly Node[]): Map<Node, number> {
  return new Map(row.map((node, index) => [node, (index + 0.5) / row.length]));
}
