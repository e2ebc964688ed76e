// The course of a game: how far each team led, and how often the lead changed or was lost.

import { type Play, pointsOf } from "./play.ts";

export interface Course {
  /** Of the home team and of the visitors; 0 for a team that never led. */
  readonly biggestLeads: readonly [number, number];
  readonly leadChanges: number;
  /** How often the score was level after the first basket. */
  readonly timesTied: number;
}

/** Follows the margin through the plays, which are in the order of time. */
export function courseOf(plays: readonly Play[]): Course {
  let margin = 0;
  let most = 0;
  let least = 0;
  let leader = 0;
  let leadChanges = 0;
  let timesTied = 0;
  for (const play of plays) {
    const points = pointsOf(play);
    if (points === 0) continue;
    margin += play.side === 0 ? points : -points;
    most = Math.max(most, margin);
    least = Math.min(least, margin);
    if (margin === 0) timesTied += 1;
    else {
      if (leader !== 0 && Math.sign(margin) !== leader) leadChanges += 1;
      leader = Math.sign(margin);
    }
  }
  return { biggestLeads: [most, -least || 0], leadChanges, timesTied };
}
