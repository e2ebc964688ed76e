// The way out to a source: a connection, then a slot of its rate, then a place in its quota.

import type { Source } from "../../define/source.ts";
import { rateOf } from "../../domain/rate-limit.ts";
import type { Database } from "../../store/database.ts";
import { reserveSlots, takeQuota } from "../../store/sources.ts";
import { openQuota } from "./quota.ts";
import { openRateLimiter } from "./rate-limiter.ts";
import { openWaitingLine } from "./waiting-line.ts";

export interface Gate {
  /** Runs `work` when a request may go out. Rejects with the signal's reason or QUOTA_EXHAUSTED without having run it. */
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** A source without a rate and a quota never touches the database. */
export function openGate(source: Source, maxConnections: number, database: Database): Gate {
  const limits = limitsOf(source, database);
  const line = openWaitingLine();
  let free = maxConnections;

  async function enter(signal: AbortSignal): Promise<void> {
    if (free === 0) return line.join(signal);
    free -= 1;
  }

  function leave(): void {
    if (line.length() > 0) line.admit(1);
    else free += 1;
  }

  return {
    async pass(signal, work) {
      // The connection comes first: a slot taken while none is free would be used late, or wasted.
      await enter(signal);
      try {
        for (const limit of limits) await limit.take(signal);
        signal.throwIfAborted();
        return await work();
      } finally {
        leave();
      }
    },
  };
}

function limitsOf(source: Source, database: Database) {
  const { name, maxRequestsPerSecond, maxBurstSize, quota } = source;
  const limits: { take(signal: AbortSignal): Promise<void> }[] = [];
  if (maxRequestsPerSecond !== undefined) {
    const rate = rateOf(maxRequestsPerSecond, maxBurstSize);
    limits.push(openRateLimiter(rate, (count) => reserveSlots(database, name, rate, count)));
  }
  if (quota !== undefined) {
    limits.push(openQuota(name, quota, (requests) => takeQuota(database, name, quota, requests)));
  }
  return limits;
}
