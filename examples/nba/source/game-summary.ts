// The shape of a summary of a game's play by play: how the lead went to and fro, and who had a run.

import { z } from "zod";

const count = z.int().nonnegative();
const tricode = z.string().length(3);

/** A moment of a game: the period, and what is left of it on its clock (`11:47`). */
const gameTime = z.strictObject({
  /** 1 to 4 are the quarters, 5 the first overtime, and so on. */
  period: z.int().min(1),
  clock: z.string().regex(/^\d{1,2}:[0-5]\d$/),
});

const period = z.strictObject({
  period: z.int().min(1),
  /** `Q1` to `Q4`, `OT1` and so on. */
  name: z.string(),
  homePoints: count,
  awayPoints: count,
  leadChanges: count,
  timesTied: count,
  /** The furthest that each team led in this period; 0 for one that never did. */
  homeLargestLead: count,
  awayLargestLead: count,
});

const run = z.strictObject({
  tricode,
  points: count,
  /** The first and the last basket of the run. */
  from: gameTime,
  to: gameTime,
});

/**
 * A game, summed up from its plays; it agrees with the box score: the points of the periods with the quarters,
 * lead changes, ties and largest leads with the statistics of the teams.
 */
export const gameSummary = z.strictObject({
  gameId: z.string().regex(/^\d{10}$/),
  /** 2 in progress, 3 final; what is said of a game in progress is of the periods listed. */
  gameStatus: z.int().min(2).max(3),
  gameStatusText: z.string(),
  homeTeam: tricode,
  awayTeam: tricode,
  periods: z.array(period),
  leadChanges: count,
  timesTied: count,
  homeLargestLead: count,
  awayLargestLead: count,
  /** Points of one team without an answer, eight or more, in order of time. */
  runs: z.array(run),
});

export type GameSummary = z.infer<typeof gameSummary>;
export type PeriodSummary = z.infer<typeof period>;
export type Run = z.infer<typeof run>;
export type GameTime = z.infer<typeof gameTime>;

/** What the periods come to together. */
export function totalsOf(
  periods: readonly PeriodSummary[],
): Pick<GameSummary, "leadChanges" | "timesTied" | "homeLargestLead" | "awayLargestLead"> {
  const sum = (of: (one: PeriodSummary) => number) => periods.reduce((total, one) => total + of(one), 0);
  const most = (of: (one: PeriodSummary) => number) => Math.max(0, ...periods.map(of));
  return {
    leadChanges: sum((one) => one.leadChanges),
    timesTied: sum((one) => one.timesTied),
    homeLargestLead: most((one) => one.homeLargestLead),
    awayLargestLead: most((one) => one.awayLargestLead),
  };
}
