// What a player looks like on paper: position, height, weight and date of birth.

import { addDays } from "headworks-example-kit/days.ts";
import type { Random } from "./random.ts";

export type Position =
  | "Guard"
  | "Guard-Forward"
  | "Forward-Guard"
  | "Forward"
  | "Forward-Center"
  | "Center-Forward"
  | "Center";

interface Build {
  /** How much of a guard, and how much of a big man, someone of this position is: from 0 to 1. */
  readonly guard: number;
  readonly big: number;
  readonly inches: number;
  readonly pounds: number;
}

const BUILDS: Readonly<Record<Position, Build>> = {
  Guard: { guard: 1, big: 0, inches: 75, pounds: 193 },
  "Guard-Forward": { guard: 0.7, big: 0, inches: 77, pounds: 203 },
  "Forward-Guard": { guard: 0.4, big: 0.1, inches: 78, pounds: 210 },
  Forward: { guard: 0.1, big: 0.3, inches: 80, pounds: 222 },
  "Forward-Center": { guard: 0, big: 0.7, inches: 81, pounds: 235 },
  "Center-Forward": { guard: 0, big: 0.85, inches: 82, pounds: 240 },
  Center: { guard: 0, big: 1, inches: 83, pounds: 250 },
};

/** How much of a guard, and how much of a big man, this position is: each from 0 to 1. */
export function leaningsOf(position: Position): Pick<Build, "guard" | "big"> {
  return BUILDS[position];
}

/** The positions of five players who could start a game together. */
export function drawFive(random: Random): Position[] {
  const guard = (): Position => (random.chance(0.82) ? "Guard" : "Guard-Forward");
  const forward = (): Position =>
    random.weighted<Position>(["Forward", "Forward-Guard", "Forward-Center"], (p) =>
      p === "Forward" ? 6 : 1,
    );
  const center = (): Position => (random.chance(0.78) ? "Center" : "Center-Forward");
  return [guard(), guard(), forward(), forward(), center()];
}

export interface Physique {
  /** Feet and inches: `6-9`. */
  readonly height: string;
  /** Pounds. */
  readonly weight: number;
  readonly birthdate: string;
}

/** A body that fits the position, of an age from 19 to 38 in the season that starts in `year`. */
export function drawPhysique(position: Position, year: number, random: Random): Physique {
  const build = BUILDS[position];
  const inches = Math.round(build.inches + random.normal(0, 1.4));
  const age = Math.min(Math.max(Math.round(25.5 + random.normal(0, 4)), 19), 38);
  return {
    height: `${Math.floor(inches / 12)}-${inches % 12}`,
    weight: Math.round((build.pounds + (inches - build.inches) * 5 + random.normal(0, 9)) / 5) * 5,
    birthdate: addDays(`${year - age}-01-01`, random.between(0, 280)),
  };
}
