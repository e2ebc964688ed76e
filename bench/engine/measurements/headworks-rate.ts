// How exactly a queue's rate is kept while the same process is busy with another queue: by the database's clock at claim.

import { setTimeout as pause } from "node:timers/promises";
import { processor } from "../../../headworks/src/define/processor.ts";
import { queue } from "../../../headworks/src/define/queue.ts";
import type { Database } from "../../../headworks/src/store/database.ts";
import { hintReadyTasks } from "../../../headworks/src/store/queue/tasks.ts";
import type { Contender, Place } from "../contender.ts";
import { HOURS, planHours } from "../contenders/headworks.ts";
import { openRunner } from "../contenders/headworks-runner.ts";

export interface KeptRate {
  /** Claims per second, from the first to the last. */
  rate: number;
  /** Whole claims over what the limit allows, in the window in which it is exceeded most. */
  excess: number;
}

const LOT = 1_000;
/** Tasks of a queue without limits, planned in one go for as long as the measurement runs. */
const LOAD_LOT = 250;
const LOAD_EVERY_MS = 250;

export async function measureRate(
  _contender: Contender,
  place: Place,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<KeptRate> {
  // As it is by default: a second's worth.
  const burst = rate;
  const limits = queue("limited", { maxDispatchesPerSecond: rate, maxBurstSize: burst });
  const tasks = Math.round(rate * seconds) + burst;
  let left = tasks;
  const done = Promise.withResolvers<void>();
  const limited = processor("limited", {
    phase: "all",
    partitions: HOURS,
    queue: limits,
    run() {
      left -= 1;
      if (left === 0) done.resolve();
    },
  });
  const load = processor("load", { phase: "all", partitions: HOURS, run: () => undefined });
  const runner = await openRunner(place, [limited, load]);
  const { database, registry } = runner.services;
  try {
    for (let from = 0; from < tasks; from += LOT) {
      await planHours(database, registry, "limited", from, Math.min(LOT, tasks - from));
    }
    const working = await runner.start();
    let isDone = false;
    void done.promise.then(() => {
      isDone = true;
    });
    for (let from = 0; !isDone; from += LOAD_LOT) {
      await planHours(database, registry, "load", from, LOAD_LOT);
      await hintReadyTasks(database);
      await pause(LOAD_EVERY_MS);
    }
    await working.stop();
    return keptRate(await claimTimes(database), rate, burst);
  } finally {
    await runner.close();
  }
}

/** In seconds, in order. */
async function claimTimes(database: Database): Promise<number[]> {
  const { rows } = await database.query<{ at: number }>(
    `select extract(epoch from claimed_at)::float8 as at from headworks.runs
     where processor = 'limited' order by claimed_at`,
  );
  return rows.map(({ at }) => at);
}

/** The history keeps milliseconds: a window may be longer than it says by one. */
const CLOCK_S = 0.001;

/** The most that any window exceeds `rate · window + burst` by is that of a window from one claim to another. */
function keptRate(claims: readonly number[], rate: number, burst: number): KeptRate {
  const first = claims[0] ?? Number.NaN;
  const last = claims.at(-1) ?? Number.NaN;
  let excess = 0;
  let lowest = Number.POSITIVE_INFINITY;
  claims.forEach((at, index) => {
    const level = index - rate * (at - first);
    lowest = Math.min(lowest, level);
    excess = Math.max(excess, level + 1 - lowest - rate * CLOCK_S - burst);
  });
  return { rate: (claims.length - burst) / (last - first), excess: Math.ceil(excess) };
}
