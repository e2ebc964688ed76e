// Finds how far right everything in ordered rows stands: apart from its neighbors, and in line with what it is joined to.

import type { Node } from "./order.ts";

const ROUNDS = 32;
const BETWEEN_BOXES = 20;
const BESIDE_A_BEND = 16;

/** The middle of each node, by id: the order within each row is kept, and nothing overlaps. */
export function straightened(rows: readonly Node[][]): Map<string, number> {
  const middles = new Map<string, number>();
  for (const row of rows) {
    const offsets = offsetsOf(row);
    row.forEach((node, index) => {
      middles.set(node.id, (offsets[index] ?? 0) - (offsets.at(-1) ?? 0) / 2);
    });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) settleRow(row, middles);
  }
  return middles;
}

function settleRow(row: readonly Node[], middles: Map<string, number>): void {
  const offsets = offsetsOf(row);
  const wishes = row.map((node, index) => wishOf(node, middles) - (offsets[index] ?? 0));
  nearestRising(wishes).forEach((wish, index) => {
    const node = row[index];
    if (node !== undefined) middles.set(node.id, wish + (offsets[index] ?? 0));
  });
}

/** The least distances of the middles of a row from the middle of its first. */
function offsetsOf(row: readonly Node[]): number[] {
  let offset = 0;
  return row.map((node, index) => {
    const before = row[index - 1];
    if (before === undefined) return 0;
    const gap = before.width > 0 && node.width > 0 ? BETWEEN_BOXES : BESIDE_A_BEND;
    offset += before.width / 2 + gap + node.width / 2;
    return offset;
  });
}

/** In line with its neighbors; most of all, a line that only passes goes straight on. */
function wishOf(node: Node, middles: ReadonlyMap<string, number>): number {
  let [sum, weight] = [0, 0];
  for (const each of [...node.up, ...node.down]) {
    const pull = node.width === 0 && each.width === 0 ? 8 : 1;
    sum += pull * (middles.get(each.id) ?? 0);
    weight += pull;
  }
  return weight === 0 ? (middles.get(node.id) ?? 0) : sum / weight;
}

/** The numbers that never fall and are, in sum of squares, nearest to those given: falling neighbors are pooled. */
function nearestRising(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  const mean = (pool: { sum: number; count: number } | undefined) =>
    pool ? pool.sum / pool.count : -Infinity;
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    while (mean(pools.at(-1)) > mean(pool)) {
      const { sum, count } = pools.pop() ?? { sum: 0, count: 0 };
      pool = { sum: pool.sum + sum, count: pool.count + count };
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => Array.from({ length: pool.count }, () => mean(pool)));
}
