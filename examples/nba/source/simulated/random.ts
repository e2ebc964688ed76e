// Seeded randomness: the same labels give the same numbers, on every machine and in whatever order they are asked.

/** A stream of numbers that depends on nothing but the labels it was made from. */
export interface Random {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Near enough to a normal distribution, and never further than six deviations from the mean. */
  normal(mean: number, deviation: number): number;
  /** One of the items, all equally likely. Throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight says. Throws on an empty list. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** A shuffled copy. */
  shuffled<T>(items: readonly T[]): T[];
}

/** The stream of these labels, for example of a seed and a game's id: independent of all others. */
export function randomOf(...labels: readonly (string | number)[]): Random {
  const next = sfc32(...hashOf(labels.join("\u0000")));
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    normal: (mean, deviation) => mean + deviation * standardNormal(next),
    pick: (items) => weightedPick(items, () => 1, next()),
    weighted: (items, weight) => weightedPick(items, weight, next()),
    shuffled: (items) => shuffle([...items], between),
  };
}

// sfc32 ("small fast counter", by Chris Doty-Humphrey, of the PractRand test suite), with 32-bit words.
function sfc32(seedA: number, seedB: number, seedC: number, seedCounter: number): () => number {
  let a = seedA | 0;
  let b = seedB | 0;
  let c = seedC | 0;
  let counter = seedCounter | 0;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  return next;
}

// Four words from a text: FNV-1a runs with different starts, each finished with murmur3's mixing steps.
function hashOf(text: string): [number, number, number, number] {
  const word = (start: number) => {
    let hash = start;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x7f4a7c15), word(0x2545f491)];
}

// Sums instead of logarithms and cosines, so that no platform's rounding can change a byte.
function standardNormal(next: () => number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw += 1) sum += next();
  return sum;
}

function weightedPick<T>(items: readonly T[], weight: (item: T) => number, at: number): T {
  let total = 0;
  for (const item of items) total += weight(item);
  let left = at * total;
  let last: { item: T } | undefined;
  for (const item of items) {
    left -= weight(item);
    if (left < 0) return item;
    last = { item };
  }
  if (last === undefined) throw new RangeError("nothing to pick from: the list is empty");
  return last.item;
}

function shuffle<T>(items: T[], between: (min: number, max: number) => number): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const [taken] = items.splice(between(0, at), 1);
    if (taken !== undefined) items.push(taken);
  }
  return items;
}
