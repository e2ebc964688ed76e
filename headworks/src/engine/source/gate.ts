// The way out to a source: a connection, then its breaker, then a slot of its rate, then a place in its quota.

import type { Source } from "../../define/source.ts";
import { rateOf } from "../../domain/dispatch/rate-limit.ts";
import type { Database } from "../../store/database.ts";
import { reserveSlots, takeQuota } from "../../store/history/sources.ts";
import type { Permit, SharedBreaker } from "../breaker/shared-breaker.ts";
import type { Answer } from "./exchange.ts";
import { openQuota } from "./quota.ts";
import { openRateLimiter } from "./rate-limiter.ts";
import { isPassingFailure, isPassingStatus } from "./retry.ts";
import { openWaitingLine } from "./waiting-line.ts";

export interface Gate {
  /** Runs `work` when a request may go out. Rejects with the signal's reason, QUOTA_EXHAUSTED or BREAKER_OPEN without having run it. */
  pass(signal: AbortSignal, work: () => Promise<Answer>): Promise<Answer>;
}

/** A source without a rate, a quota and a breaker never touches the database. */
export function openGate(
  source: Source,
  maxConnections: number,
  database: Database,
  breaker: SharedBreaker | undefined,
): Gate {
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

  /** Waits for the limits. What the breaker allowed before a long wait is asked for again. */
  async function awaitTurn(signal: AbortSignal, permit: Permit | undefined): Promise<Permit | undefined> {
    try {
      for (const limit of limits) await limit.take(signal);
      signal.throwIfAborted();
    } catch (error) {
      await permit?.report(undefined);
      throw error;
    }
    if (permit === undefined || permit.isCurrent()) return permit;
    await permit.report(undefined);
    return breaker?.admit();
  }

  return {
    async pass(signal, work) {
      // The connection comes first: a slot taken while none is free would be used late, or wasted.
      await enter(signal);
      try {
        const permit = await breaker?.admit();
        return await watched(await awaitTurn(signal, permit), work);
      } finally {
        leave();
      }
    },
  };
}

/** Tells the breaker what a request came to. */
async function watched(permit: Permit | undefined, work: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await work();
    await permit?.report(failureOfStatus(answer.status));
    return answer;
  } catch (error) {
    await permit?.report(failureOfError(error));
    throw error;
  }
}

/** The source can't or won't serve anybody for now. Any other answer shows that it is well. */
function failureOfStatus(status: number): string | null {
  return status >= 500 || isPassingStatus(status) ? `status ${status}` : null;
}

/** A request that was cut short, or is at fault itself, says nothing of the source. */
function failureOfError(error: unknown): string | undefined {
  return isPassingFailure(error) ? error.message : undefined;
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
