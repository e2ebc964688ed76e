// The things that players do in a game, from which every statistic follows.

import type { Floor, Side } from "./floor.ts";
import type { Appearance } from "./rotation.ts";

export interface Moment {
  /** Since the start of the game, overtime included. */
  readonly second: number;
  readonly floor: Floor;
}

interface Doing {
  readonly side: Side;
  readonly player: Appearance;
  readonly moment: Moment;
}

export interface Shot extends Doing {
  readonly kind: "shot";
  readonly worth: 2 | 3;
  readonly made: boolean;
  readonly inPaint: boolean;
  readonly fastBreak: boolean;
  readonly assist: Appearance | undefined;
  readonly block: Appearance | undefined;
}

export interface FreeThrows extends Doing {
  readonly kind: "freeThrows";
  readonly attempted: number;
  readonly made: number;
}

export interface Rebound extends Doing {
  readonly kind: "rebound";
  readonly offensive: boolean;
}

interface Turnover extends Doing {
  readonly kind: "turnover";
  readonly steal: Appearance | undefined;
}

interface Foul extends Doing {
  readonly kind: "foul";
}

export type Play = Shot | FreeThrows | Rebound | Turnover | Foul;

/** The points that a play brought to its side. */
export function pointsOf(play: Play): number {
  if (play.kind === "shot") return play.made ? play.worth : 0;
  return play.kind === "freeThrows" ? play.made : 0;
}
