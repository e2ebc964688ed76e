// Tries a request again where that may help: soon after a passing failure, or when the source says.

import { SourceError } from "../../domain/retry-later-error.ts";
import { type BackoffSettings, backoffMs } from "../../domain/settlement/backoff.ts";
import { sleep } from "../timer.ts";
import type { Answer } from "./exchange.ts";

export interface RetryPolicy {
  /** Further tries. 0 for a request that must not be sent twice. */
  maxRetries: number;
  /** The longest Retry-After that is waited out here. */
  maxRetryAfterMs: number;
  backoff: BackoffSettings;
  /** 0 ≤ x < 1 */
  random: () => number;
}

const PASSING_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const PASSING_FAILURES = new Set(["SOURCE_UNREACHABLE", "SOURCE_TIMEOUT", "RESPONSE_DAMAGED"]);

/** Gives the first answer that another try wouldn't fix, or the last one. Throws what the last try threw, or the signal's reason. */
export async function withRetries(
  policy: RetryPolicy,
  signal: AbortSignal,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const result = await attempt().catch((error: unknown) => passingFailure(error));
    const waitMs = retryDelayMs(policy, tries, result);
    if (waitMs !== undefined) {
      await pause(waitMs, signal);
      continue;
    }
    if (result instanceof SourceError) throw result;
    return result;
  }
}

/** How long to wait before the next try; undefined when there is to be none. */
export function retryDelayMs(
  policy: RetryPolicy,
  tries: number,
  result: SourceError | Pick<Answer, "status" | "headers">,
): number | undefined {
  if (tries > policy.maxRetries) return undefined;
  if (result instanceof SourceError) return backoffMs(policy.backoff, tries, policy.random);
  if (!isPassingStatus(result.status)) return undefined;
  const retryAfterMs = findRetryAfterMs(result.headers["retry-after"], Date.now()) ?? 0;
  if (retryAfterMs > policy.maxRetryAfterMs) return undefined;
  return backoffMs(policy.backoff, tries, policy.random, retryAfterMs);
}

/** A Retry-After in milliseconds from `now` (epoch milliseconds): seconds, or an HTTP date. Source: RFC 9110, section 10.2.3. */
export function findRetryAfterMs(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Z][a-z]+,? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export function isPassingStatus(status: number): boolean {
  return PASSING_STATUSES.has(status);
}

export function isPassingFailure(error: unknown): error is SourceError {
  return error instanceof SourceError && PASSING_FAILURES.has(error.code);
}

function passingFailure(error: unknown): SourceError {
  if (isPassingFailure(error)) return error;
  throw error;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, signal);
}
