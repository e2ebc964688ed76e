// Who of a team plays tonight, who starts, and for how long.

import type { Franchise } from "./franchises.ts";
import type { SimulatedPlayer } from "./players.ts";
import type { Random } from "./random.ts";

export interface Appearance {
  readonly player: SimulatedPlayer;
  /** The position of a starter; empty for a substitute. */
  readonly start: "F" | "C" | "G" | "";
  /** On the floor in regulation time, in seconds; a team's add up to five times 48 minutes. */
  readonly seconds: number;
}

/** A team as it comes to one game, starters first. */
export interface Lineup {
  readonly team: Franchise;
  /** Whether the team played the day before. */
  readonly tired: boolean;
  readonly appearances: readonly Appearance[];
}

/** Seconds of regulation time. */
export const REGULATION = 48 * 60;

/** Usual minutes of the best player, the second best, and so on. */
export const MINUTES = [35, 33.5, 31.5, 29.5, 27, 22.5, 19.5, 16.5, 12.5, 8, 4.5];
const MOST_OFF_USUAL = 3;
const STARTING_PLACES = ["F", "F", "C", "G", "G"] as const;
const PLACE_NAMES = { F: "Forward", C: "Center", G: "Guard" } as const;

/** The nine to eleven best of those who are available (at least nine) share the minutes. */
export function drawLineup(
  team: Franchise,
  available: readonly SimulatedPlayer[],
  tired: boolean,
  random: Random,
): Lineup {
  const best = [...available]
    .sort((a, b) => b.skill.worth - a.skill.worth)
    .slice(0, random.between(9, MINUTES.length));
  const starts = chooseStarters(best);
  const seconds = shareSeconds(best.map((_, rank) => minutesOf(rank, random)));
  const appearances = best.map((player, rank) => ({
    player,
    start: starts.get(player) ?? ("" as const),
    seconds: seconds[rank] ?? 0,
  }));
  const order = [...starts.keys()];
  const placeOf = ({ player }: Appearance) => (starts.has(player) ? order.indexOf(player) : order.length);
  return { team, tired, appearances: appearances.sort((a, b) => placeOf(a) - placeOf(b)) };
}

function minutesOf(rank: number, random: Random): number {
  const off = Math.min(Math.max(random.normal(0, 1.6), -MOST_OFF_USUAL), MOST_OFF_USUAL);
  return Math.max((MINUTES[rank] ?? 0) + off, 1.5);
}

// Two forwards, a center, two guards: the best for each place, or the best who is left.
function chooseStarters(best: readonly SimulatedPlayer[]): Map<SimulatedPlayer, Appearance["start"]> {
  const starts = new Map<SimulatedPlayer, Appearance["start"]>();
  for (const place of STARTING_PLACES) {
    const free = best.filter((player) => !starts.has(player));
    const chosen = free.find((player) => player.position.includes(PLACE_NAMES[place])) ?? free[0];
    if (chosen !== undefined) starts.set(chosen, place);
  }
  return starts;
}

// Scaled to the whole time; the seconds lost in rounding go to the first ones. With nine players or more, nobody
// comes near to playing all 48 minutes.
function shareSeconds(minutes: readonly number[]): number[] {
  const total = minutes.reduce((sum, value) => sum + value, 0);
  const seconds = minutes.map((value) => Math.floor((value / total) * 5 * REGULATION));
  const missing = 5 * REGULATION - seconds.reduce((sum, value) => sum + value, 0);
  return seconds.map((value, rank) => (rank < missing ? value + 1 : value));
}
