// The course of a game: how far each team led, and how often the lead changed or was lost.

import type { Side } from "./floor.ts";
import { type Play, pointsOf } from "./play.ts";

export interface Course {
  /** Of the home team and of the visitors; 0 for a team that never led. */
  readonly biggestLeads: readonly [number, number];
  readonly leadChanges: number;
  /** How often the score was level after the first basket. */
  readonly timesTied: number;
}

/** A play that brought points, and how the score stood after it. */
export interface Basket {
  readonly side: Side;
  readonly points: number;
  /** Since the start of the game, overtime included. */
  readonly second: number;
  /** By which the home team led; below 0 when it trailed. */
  readonly margin: number;
  readonly changedLead: boolean;
}

/** The baskets among the plays, which are in the order of time. */
export function basketsOf(plays: readonly Play[]): Basket[] {
  const baskets: Basket[] = [];
  let margin = 0;
  let leader = 0;
  for (const play of plays) {
    const points = pointsOf(play);
    if (points === 0) continue;
    margin += play.side === 0 ? points : -points;
    const changedLead = margin !== 0 && leader !== 0 && Math.sign(margin) !== leader;
    if (margin !== 0) leader = Math.sign(margin);
    baskets.push({ side: play.side, points, second: play.moment.second, margin, changedLead });
  }
  return baskets;
}

/** How the lead went in these baskets. */
export function courseOf(baskets: readonly Basket[]): Course {
  const margins = baskets.map(({ margin }) => margin);
  return {
    biggestLeads: [Math.max(0, ...margins), -Math.min(0, ...margins) || 0],
    leadChanges: baskets.filter(({ changedLead }) => changedLead).length,
    timesTied: margins.filter((margin) => margin === 0).length,
  };
}
