// The shape of a box score, exactly as the recorded ones have it: strict, so that a difference is found.

import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

const teamScore = z.strictObject({
  teamId: z.int(),
  tricode: z.string().length(3),
  wins: count,
  losses: count,
  q1: count,
  q2: count,
  q3: count,
  q4: count,
  score: count,
  isHome: z.boolean(),
});

const teamStats = z.strictObject({
  teamId: z.int(),
  tricode: z.string().length(3),
  points: count,
  reboundsTotal: count,
  assists: count,
  steals: count,
  blocks: count,
  turnovers: count,
  fieldGoalsPercentage: share,
  threePointersPercentage: share,
  freeThrowsPercentage: share,
  pointsInThePaint: count,
  pointsFastBreak: count,
  benchPoints: count,
  biggestLead: count,
  leadChanges: count,
  timesTied: count,
});

const playerLine = z.strictObject({
  personId: z.int(),
  name: z.string().min(1),
  teamId: z.int(),
  tricode: z.string().length(3),
  position: z.enum(["F", "C", "G", ""]),
  // Recorded ones were rounded up: three of them end in `:60`.
  minutes: z.string().regex(/^\d+:([0-5]\d|60)$/),
  points: count,
  reboundsTotal: count,
  reboundsOffensive: count,
  reboundsDefensive: count,
  assists: count,
  steals: count,
  blocks: count,
  turnovers: count,
  foulsPersonal: count,
  fieldGoalsMade: count,
  fieldGoalsAttempted: count,
  fieldGoalsPercentage: share,
  threePointersMade: count,
  threePointersAttempted: count,
  threePointersPercentage: share,
  freeThrowsMade: count,
  freeThrowsAttempted: count,
  freeThrowsPercentage: share,
  plusMinusPoints: z.int(),
});

/**
 * A box score: two teams (home first), their statistics, and one line per player who played.
 * The points of overtime have no field of their own: they are the score less the four quarters.
 * A starter has a position, a substitute an empty one.
 */
export const boxScore = z.strictObject({
  gameId: z.string().regex(/^\d{10}$/),
  /** 1 not begun, 2 in progress, 3 final. */
  gameStatus: z.int().min(1).max(3),
  /** `Final`, `Final/OT`, `Final/OT2` and so on. */
  gameStatusText: z.string(),
  gameTimeUTC: z.iso.datetime(),
  teams: z.array(teamScore).length(2),
  teamStats: z.array(teamStats).length(2),
  players: z.array(playerLine),
});

export type BoxScore = z.infer<typeof boxScore>;
export type TeamScore = z.infer<typeof teamScore>;
export type TeamStats = z.infer<typeof teamStats>;
export type PlayerLine = z.infer<typeof playerLine>;
