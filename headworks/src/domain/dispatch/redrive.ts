// A redrive puts failed tasks back into their queues at a rate; and how many of them may go now.

export const REDRIVE_STATES = ["running", "done", "cancelled"] as const;
export type RedriveState = (typeof REDRIVE_STATES)[number];

/** Tasks per second (null: as fast as they can be put back), and what may go by the last look. Instants in milliseconds. */
export interface Pace {
  rate: number | null;
  allowance: number;
  lookedAt: number;
}

/**
 * How many tasks may go now, at most `most`, and the pace after they have. What wasn't used saves up to a second's worth and
 * one task: after a pause nothing bursts.
 */
export function tasksDue(pace: Pace, most: number, now: number): { tasks: number; pace: Pace } {
  if (pace.rate === null) return { tasks: most, pace: { ...pace, lookedAt: now } };
  const since = Math.max(0, now - pace.lookedAt) / 1_000;
  const allowance = Math.min(pace.rate + 1, pace.allowance + pace.rate * since);
  const tasks = Math.min(most, Math.floor(allowance));
  return { tasks, pace: { ...pace, allowance: allowance - tasks, lookedAt: Math.max(now, pace.lookedAt) } };
}
