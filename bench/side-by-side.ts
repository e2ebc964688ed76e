// Measures several ways to do the same in one run, in turn, and prints medians, spreads and ratios to the first way.

import { type Spread, spreadOf } from "./spread.ts";

const REPETITIONS = 9;

/** A way to do it; gives how much it found, which has to be the same for all ways. */
export interface Way {
  name: string;
  queries: number;
  run: () => Promise<number>;
}

/** What came of a way. */
export interface Measured {
  way: string;
  queries: number;
  found: number;
  milliseconds: Spread;
  /** Times the first way, taken repetition by repetition. */
  ratio: Spread;
}

/**
 * Runs every way nine times, each round in another order, so that a slow moment of the machine hits them alike; a round
 * before it warms up. Throws when the ways don't find the same.
 */
export async function sideBySide(ways: readonly Way[]): Promise<Measured[]> {
  const times = ways.map((): number[] => []);
  const found = ways.map(() => 0);
  for (let round = 0; round <= REPETITIONS; round++) {
    for (const turn of ways.keys()) {
      const at = (turn + round) % ways.length;
      const started = performance.now();
      found[at] = (await ways[at]?.run()) ?? 0;
      if (round > 0) times[at]?.push(performance.now() - started);
    }
  }
  if (new Set(found).size > 1) throw new Error(`the ways don't find the same: ${found.join(", ")}`);
  return ways.map(({ name, queries }, at) => {
    const own = times[at] ?? [];
    const ratios = own.map((time, round) => time / (times[0]?.[round] ?? Number.NaN));
    return {
      way: name,
      queries,
      found: found[at] ?? 0,
      milliseconds: spreadOf(own.map(toHundredths)),
      ratio: spreadOf(ratios.map(toHundredths)),
    };
  });
}

/** The measurements as a table for people, to stdout. */
export function printTable(measured: readonly Measured[]): void {
  const lines = measured.map(({ way, queries, milliseconds, ratio }) => [
    way,
    String(queries),
    asText(milliseconds),
    asText(ratio),
  ]);
  const table = [["way", "queries", "ms: median (spread)", "times the first: median (spread)"], ...lines];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  for (const row of table) {
    const cells = row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    console.log(cells.join("  ").trimEnd());
  }
}

function asText({ median, least, most }: Spread): string {
  return `${median} (${least} to ${most})`;
}

function toHundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
