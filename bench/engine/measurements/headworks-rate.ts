// How exactly a queue's rate is kept while the same process is busy with another queue: by the database's clock at claim.

import { processor } from "../../../headworks/src/define/processor.ts";
import { queue } from "../../../headworks/src/define/queue.ts";
import type { Database } from "../../../headworks/src/store/database.ts";
import type { Contender, Place } from "../contender.ts";
import { HOURS, planHours } from "../contenders/headworks.ts";
import { openRunner } from "../contenders/headworks-runner.ts";

export interface KeptRate {
  /** Claims per second, from the first to the last. */
  rate: number;
  /** Claims over what the limit allows, in the window in which it is exceeded most; 0 or less: never exceeded. */
  excess: number;
}

/** Tasks of a queue without limits, planned for each second. */
const LOAD_PER_SECOND = 1_000;
const LOT = 1_000;

export async function measureRate(
  _contender: Contender,
  place: Place,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<KeptRate> {
  const burst = Math.max(1, Math.ceil(rate / 10));
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
  const runner = await openRunner(place.databaseUrl, [limited, load]);
  const { database, registry } = runner.services;
  try {
    for (let from = 0; from < tasks; from += LOT) {
      await planHours(database, registry, "limited", from, Math.min(LOT, tasks - from));
    }
    for (let from = 0; from < LOAD_PER_SECOND * seconds; from += LOT) {
      await planHours(database, registry, "load", from, LOT);
    }
    const working = await runner.start();
    await done.promise;
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

/** The most that any window exceeds `rate · window + burst` by is that of a window from one claim to another. */
function keptRate(claims: readonly number[], rate: number, burst: number): KeptRate {
  const first = claims[0] ?? Number.NaN;
  const last = claims.at(-1) ?? Number.NaN;
  let excess = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  claims.forEach((at, index) => {
    const level = index - rate * (at - first);
    lowest = Math.min(lowest, level);
    excess = Math.max(excess, level + 1 - lowest - burst);
  });
  return { rate: (claims.length - burst) / (last - first), excess };
}
