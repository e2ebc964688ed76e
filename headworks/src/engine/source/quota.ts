// Counts requests against the quota of their source, which all processes share in the database, and refuses those beyond it.

import { formatDuration } from "../../domain/duration.ts";
import { SourceError } from "../../domain/retry-later-error.ts";
import type { QuotaGrant, QuotaSettings } from "../../store/history/sources.ts";
import { openWaitingLine } from "./waiting-line.ts";

export interface Quota {
  /** Resolves once the request is counted. Rejects with QUOTA_EXHAUSTED, which says how long until the next hour or day. */
  take(signal: AbortSignal): Promise<void>;
}

/** `count` counts so many requests, and tells how many are within the quota. */
export function openQuota(
  source: string,
  quota: QuotaSettings,
  count: (requests: number) => Promise<QuotaGrant>,
): Quota {
  const line = openWaitingLine();
  let counting = false;

  /** Everybody who comes within this turn of the event loop is counted together. */
  function gather(): void {
    if (counting) return;
    counting = true;
    setImmediate(() => void countAll());
  }

  async function countAll(): Promise<void> {
    try {
      while (line.length() > 0) {
        const asked = line.length();
        const { granted, nextWindowMs } = await count(asked);
        line.admit(granted);
        line.refuse(exhausted(source, quota, nextWindowMs), asked - granted);
      }
    } catch (error) {
      line.refuse(error, line.length());
    } finally {
      counting = false;
    }
  }

  return {
    take(signal) {
      const turn = line.join(signal);
      gather();
      return turn;
    },
  };
}

function exhausted(source: string, quota: QuotaSettings, nextWindowMs: number): SourceError {
  const retryAfterMs = Math.ceil(nextWindowMs);
  return new SourceError({
    code: "QUOTA_EXHAUSTED",
    message: `the quota of source ${source}, ${quota.requests} requests per ${quota.per}, is used up`,
    hint: `the next UTC ${quota.per} begins in ${formatDuration(retryAfterMs)}; raise quota.requests if the source allows more`,
    retryAfterMs,
  });
}
