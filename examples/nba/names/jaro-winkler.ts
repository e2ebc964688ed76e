// The Jaro–Winkler similarity of two words (W. Winkler, 1990): how many letters they share, in which order.

const PREFIX_WEIGHT = 0.1;
const LONGEST_PREFIX = 4;

/** From 0 (nothing in common) to 1 (the same); symmetric. A common beginning counts extra. */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return 1;
  const jaro = jaroSimilarity(left, right);
  return jaro + commonPrefix(left, right) * PREFIX_WEIGHT * (1 - jaro);
}

function jaroSimilarity(left: string, right: string): number {
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1);
  const taken = new Uint8Array(right.length);
  let shared = "";
  for (let at = 0; at < left.length; at += 1) {
    const partner = findPartner(left.charAt(at), right, at - reach, at + reach, taken);
    if (partner === undefined) continue;
    taken[partner] = 1;
    shared += left.charAt(at);
  }
  if (shared === "") return 0;
  const count = shared.length;
  const transpositions = countOutOfOrder(shared, right, taken) / 2;
  return (count / left.length + count / right.length + (count - transpositions) / count) / 3;
}

function findPartner(
  letter: string,
  among: string,
  from: number,
  to: number,
  taken: Uint8Array,
): number | undefined {
  const last = Math.min(to, among.length - 1);
  for (let at = Math.max(0, from); at <= last; at += 1) {
    if (taken[at] === 0 && among.charAt(at) === letter) return at;
  }
  return undefined;
}

// How many of the shared letters stand at another place among the shared letters of the other word.
function countOutOfOrder(shared: string, right: string, taken: Uint8Array): number {
  let place = 0;
  let count = 0;
  for (let at = 0; at < right.length; at += 1) {
    if (taken[at] === 0) continue;
    if (shared.charAt(place) !== right.charAt(at)) count += 1;
    place += 1;
  }
  return count;
}

function commonPrefix(left: string, right: string): number {
  const most = Math.min(LONGEST_PREFIX, left.length, right.length);
  let length = 0;
  while (length < most && left[length] === right[length]) length += 1;
  return length;
}
