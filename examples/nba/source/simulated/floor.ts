// Which ten players are on the floor at a moment of a game.

import type { Random } from "./random.ts";
import { type Appearance, type Lineup, REGULATION } from "./rotation.ts";

/** 0 is the home team, 1 the visitors. */
export type Side = 0 | 1;

/** The five of the home team and the five of the visitors. */
export type Floor = readonly [readonly Appearance[], readonly Appearance[]];

/** The other of the two. */
export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** The ten players of each stint of regulation time; over all of them everybody gets the minutes he is to have. */
export function drawStints(lineups: readonly [Lineup, Lineup], count: number, random: Random): Floor[] {
  const home = random.between(0, REGULATION - 1);
  const away = random.between(0, REGULATION - 1);
  return Array.from({ length: count }, (_, stint) => [
    fiveAt(lineups[0], home + stint * GOLDEN_STEP),
    fiveAt(lineups[1], away + stint * GOLDEN_STEP),
  ]);
}

/** The ten who play overtime: of each team the five with the most minutes. */
export function closingFloor(lineups: readonly [Lineup, Lineup]): Floor {
  return [closersOf(lineups[0]), closersOf(lineups[1])];
}

/** The five with the most minutes. */
export function closersOf({ appearances }: Lineup): Appearance[] {
  return [...appearances].sort((a, b) => b.seconds - a.seconds).slice(0, 5);
}

// Steps by the golden ratio of a circle visit all of it evenly, however many there are.
const GOLDEN_STEP = Math.round(REGULATION * 0.618034);

// Lays the seconds of all end to end, and takes whoever is found at five even distances from the start: always
// exactly five, since a team's seconds are five times those of the game.
function fiveAt({ appearances }: Lineup, start: number): Appearance[] {
  let at = start % REGULATION;
  return appearances.filter(({ seconds }) => {
    at += seconds;
    if (at < REGULATION) return false;
    at -= REGULATION;
    return true;
  });
}
