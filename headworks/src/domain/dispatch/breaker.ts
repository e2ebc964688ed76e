// What a circuit breaker decides: when it opens, who may probe, when it closes. Instants are epoch milliseconds of the caller's clock.

/** What a breaker protects from calls: an upstream host, or a processor. */
export const BREAKER_KINDS = ["source", "processor"] as const;
export type BreakerKind = (typeof BREAKER_KINDS)[number];

export const BREAKER_STATES = ["closed", "open", "half_open"] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** An open one is closed at once only by hand. */
export const BREAKER_TRANSITIONS = {
  closed: ["open"],
  open: ["half_open", "closed"],
  half_open: ["open", "closed"],
} as const satisfies Record<BreakerState, readonly BreakerState[]>;

export interface BreakerSettings {
  /** Failures in a row that open it. */
  failures: number;
  /** The share of failures, over 0 to 1, that opens it; undefined when only failures in a row do. */
  failureRate: number | undefined;
  /** What the share is taken of: the results of so many milliseconds, at least `minimum` of them. */
  windowMs: number;
  minimum: number;
  /** How long it stays open before a probe. */
  resetMs: number;
}

export interface Breaker {
  state: BreakerState;
  failuresInRow: number;
  /** When the present window began; null before its first result. */
  windowAt: number | null;
  windowSuccesses: number;
  windowFailures: number;
  openedAt: number | null;
  /** When the next probe may go; only while it is open. */
  retryAt: number | null;
  /** Until when somebody holds the probe; only while it is half-open. The holder shows it with the result. */
  probeUntil: number | null;
  /** Why it opened. */
  reason: string | null;
}

/** Results in the order in which they came: how many, and how many failures came after the last success. */
export interface Tally {
  successes: number;
  failures: number;
  failuresInRow: number;
  lastFailure: string | null;
}

export const CLOSED: Breaker = {
  state: "closed",
  failuresInRow: 0,
  windowAt: null,
  windowSuccesses: 0,
  windowFailures: 0,
  openedAt: null,
  retryAt: null,
  probeUntil: null,
  reason: null,
};

export const NO_RESULTS: Tally = { successes: 0, failures: 0, failuresInRow: 0, lastFailure: null };

/** Adds one result to a tally; `failure` tells what went wrong, null that nothing did. */
export function tallied(tally: Tally, failure: string | null): Tally {
  if (failure === null) return { ...tally, successes: tally.successes + 1, failuresInRow: 0 };
  return {
    ...tally,
    failures: tally.failures + 1,
    failuresInRow: tally.failuresInRow + 1,
    lastFailure: failure,
  };
}

/** Counts results. Those that come while it isn't closed are of before it opened, and change nothing. */
export function counted(breaker: Breaker, settings: BreakerSettings, tally: Tally, now: number): Breaker {
  if (breaker.state !== "closed" || tally.successes + tally.failures === 0) return breaker;
  const failuresInRow = (tally.successes > 0 ? 0 : breaker.failuresInRow) + tally.failuresInRow;
  const next = { ...breaker, failuresInRow, ...windowOf(breaker, settings, tally, now) };
  if (failuresInRow >= settings.failures) {
    const what = failuresInRow === 1 ? "a failure" : `${failuresInRow} failures in a row`;
    return opened(what, tally.lastFailure, settings, now);
  }
  const samples = next.windowSuccesses + next.windowFailures;
  const { failureRate, minimum } = settings;
  if (failureRate === undefined || tally.failures === 0 || samples < minimum) return next;
  if (next.windowFailures / samples < failureRate) return next;
  return opened(`${next.windowFailures} of ${samples} failed`, tally.lastFailure, settings, now);
}

/** Whether something may go out, and as what; or how long until that is worth asking again. */
export type Admission =
  | { kind: "normal" }
  | { kind: "probe"; breaker: Breaker; until: number }
  | { kind: "refused"; retryAfterMs: number };

/** Asks to go out. Of all who ask a breaker that isn't closed, one at a time gets the probe, and has `holdMs` for it. */
export function admit(breaker: Breaker, now: number, holdMs: number): Admission {
  if (breaker.state === "closed") return { kind: "normal" };
  const freeAt = breaker.state === "open" ? breaker.retryAt : breaker.probeUntil;
  if (freeAt !== null && now < freeAt) return { kind: "refused", retryAfterMs: freeAt - now };
  const until = now + holdMs;
  return {
    kind: "probe",
    until,
    breaker: { ...breaker, state: "half_open", retryAt: null, probeUntil: until },
  };
}

/** What a probe came to: `failure` as in {@link tallied}; undefined when it came to nothing, so that another may go. */
export function probed(
  breaker: Breaker,
  settings: BreakerSettings,
  until: number,
  failure: string | null | undefined,
  now: number,
): Breaker {
  if (breaker.state !== "half_open" || breaker.probeUntil !== until) return breaker;
  if (failure === undefined) return { ...breaker, probeUntil: null };
  if (failure === null) return CLOSED;
  return { ...opened("the probe failed", failure, settings, now), openedAt: breaker.openedAt };
}

function opened(what: string, lastFailure: string | null, settings: BreakerSettings, now: number): Breaker {
  const reason = lastFailure === null ? what : `${what}; the last: ${lastFailure}`;
  return { ...CLOSED, state: "open", openedAt: now, retryAt: now + settings.resetMs, reason };
}

/** Without a failure rate there is no window, so that a healthy breaker never changes. */
function windowOf(breaker: Breaker, settings: BreakerSettings, tally: Tally, now: number) {
  if (settings.failureRate === undefined) return {};
  const isOver = breaker.windowAt === null || now - breaker.windowAt >= settings.windowMs;
  return {
    windowAt: isOver ? now : breaker.windowAt,
    windowSuccesses: (isOver ? 0 : breaker.windowSuccesses) + tally.successes,
    windowFailures: (isOver ? 0 : breaker.windowFailures) + tally.failures,
  };
}
