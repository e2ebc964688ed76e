// Runs rounds in which every contender has its turn, each round in another order, so that a busy moment hits all alike.

import { type Spread, spreadOf } from "../spread.ts";
import type { Contender } from "./contender.ts";
import type { Run } from "./figure.ts";

/**
 * What each contender's measurement gave, round by round; a round before them warms up and isn't kept. Who fails once is
 * out.
 */
export async function inRounds<T>(
  run: Run,
  contenders: readonly Contender[],
  measure: (contender: Contender, warmUp: boolean) => Promise<T>,
  tell: (result: T) => string,
): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>(contenders.map(({ name }) => [name, []]));
  const out = new Set<Contender>();
  for (let round = 0; round <= run.rounds; round++) {
    for (const turn of contenders.keys()) {
      const contender = contenders[(turn + round) % contenders.length];
      if (contender === undefined || out.has(contender)) continue;
      const result = await orFailure(run, contender, () => measure(contender, round === 0));
      if (result === undefined) {
        out.add(contender);
        continue;
      }
      const where = round === 0 ? "warming up" : `round ${round} of ${run.rounds}`;
      run.progress(`${where}: ${contender.name} ${tell(result)}`);
      if (round > 0) results.get(contender.name)?.push(result);
    }
  }
  return results;
}

/** What the measurement gave; undefined when it failed, which is noted. */
export async function orFailure<T>(
  run: Run,
  contender: Contender,
  measure: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await measure();
  } catch (error) {
    run.failed(contender, error);
    return undefined;
  }
}

/** What `name` has for each unit that `other` has, taken round by round; null when one of them didn't take part. */
export function ratiosOf<T>(
  rounds: ReadonlyMap<string, readonly T[]>,
  name: string,
  other: string,
  value: (result: T) => number,
): Spread | null {
  const own = rounds.get(name);
  const others = rounds.get(other);
  if (own === undefined || others === undefined) return null;
  return spreadOf(own.flatMap((each, round) => (others[round] ? value(each) / value(others[round]) : [])));
}
