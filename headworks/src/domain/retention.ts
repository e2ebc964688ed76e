// How long what runs leave behind is kept, and which weekly partitions that means to make and to drop.

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
/** So many weeks after the present one are made ahead. */
const WEEKS_AHEAD = 2;

/** Ages in milliseconds; what is older goes. */
export interface Retention {
  /** Runs with the outcome `success`. */
  successesMs: number;
  /** All other runs. */
  failuresMs: number;
  logsMs: number;
  metricsMs: number;
  rejectedRowsMs: number;
  eventsMs: number;
  auditMs: number;
  /** Responses that neither a repeat from the archive nor a run needs; undefined is for ever. */
  archiveMs: number | undefined;
  /** Artifacts, from when they were last written; undefined is for ever. */
  artifactsMs: number | undefined;
}

export const DEFAULT_RETENTION: Retention = {
  successesMs: 90 * DAY_MS,
  failuresMs: 180 * DAY_MS,
  logsMs: 30 * DAY_MS,
  metricsMs: 90 * DAY_MS,
  rejectedRowsMs: 30 * DAY_MS,
  eventsMs: 180 * DAY_MS,
  auditMs: 730 * DAY_MS,
  archiveMs: undefined,
  artifactsMs: undefined,
};

/** A partition of a table that is divided by time: instants in milliseconds, `toMs` not included. */
export interface TimePartition {
  name: string;
  fromMs: number;
  toMs: number;
}

export interface PartitionPlan {
  /** The Mondays of the weeks to make, in milliseconds. */
  make: number[];
  /** The names of those that hold nothing but what is older than its age, the oldest first. */
  drop: string[];
}

/** The Monday of an instant's week, at midnight UTC. */
export function weekOf(ms: number): number {
  return Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
}

interface RunRetention {
  nowMs: number;
  sinceMs: number;
  successesMs: number;
  failuresMs: number;
}

export interface RunPlan {
  /** The Mondays of the weeks to make, in milliseconds. */
  make: number[];
  /** The weeks whose successes go, while the rest of them stays. */
  dropSuccesses: string[];
  /** The weeks that go whole. */
  dropWeeks: string[];
}

/**
 * The weeks of runs, which begin at `sinceMs`: their successes go by one age, the rest by the other. A week goes whole at
 * the longer of both: other runs can't be kept for less time than successes.
 */
export function planRunWeeks(
  existing: readonly (TimePartition & { hasSuccesses: boolean })[],
  { nowMs, sinceMs, successesMs, failuresMs }: RunRetention,
): RunPlan {
  const { make, drop } = planPartitions(existing, { nowMs, keepMs: Math.max(successesMs, failuresMs) });
  const halves = existing.filter(({ name, hasSuccesses }) => hasSuccesses && !drop.includes(name));
  return {
    make: make.filter((week) => week >= sinceMs),
    dropSuccesses: planPartitions(halves, { nowMs, keepMs: successesMs }).drop,
    dropWeeks: drop,
  };
}

/** Which partitions a table lacks, from the present week on, and which have outlived the age. */
export function planPartitions(
  existing: readonly TimePartition[],
  options: { nowMs: number; keepMs: number },
): PartitionPlan {
  const present = weekOf(options.nowMs);
  const wanted = Array.from({ length: WEEKS_AHEAD + 1 }, (_, index) => present + index * WEEK_MS);
  const overlaps = (week: number) =>
    existing.some(({ fromMs, toMs }) => fromMs < week + WEEK_MS && week < toMs);
  return {
    make: wanted.filter((week) => !overlaps(week)),
    drop: existing
      .filter(({ toMs }) => toMs <= options.nowMs - options.keepMs)
      .sort((a, b) => a.fromMs - b.fromMs)
      .map(({ name }) => name),
  };
}
