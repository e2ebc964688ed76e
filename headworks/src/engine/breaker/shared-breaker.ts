// One circuit breaker as this process sees it: what it last knew of the shared state, and the results that it hasn't told yet.

import {
  admit,
  type Breaker,
  type BreakerSettings,
  counted,
  NO_RESULTS,
  probed,
  type Tally,
  tallied,
} from "../../domain/dispatch/breaker.ts";
import { formatDuration } from "../../domain/duration.ts";
import { SourceError } from "../../domain/retry-later-error.ts";
import type { BreakerName, StoredBreaker } from "../../store/failure/breakers.ts";

/** What is known of the shared state is read anew after so long. */
const KNOWN_FOR_MS = 1_000;
/** Whoever comes while another probes looks again after so long at the latest. */
const PROBE_LOOK_MS = 2_000;

/** Leave to go out. What it came to is to be told, exactly once. */
export interface Permit {
  /** Whether it still holds, after a wait. */
  isCurrent(): boolean;
  /** A failure in words; null for a success; undefined when it came to nothing that says anything. Never rejects. */
  report(failure: string | null | undefined): Promise<void>;
}

interface EndedProbe {
  until: number;
  failure: string | null | undefined;
}

/** Results that aren't told yet. */
interface Results {
  tally: Tally;
  probes: EndedProbe[];
}

export class SharedBreaker {
  readonly name: BreakerName;
  readonly #settings: BreakerSettings;
  readonly #holdMs: number;
  readonly #share: (breaker: SharedBreaker) => Promise<void>;
  #known: { breaker: Breaker; now: number; receivedAt: number } | undefined;
  #results: Results = { tally: NO_RESULTS, probes: [] };
  #telling: Results = { tally: NO_RESULTS, probes: [] };
  #isAsked = false;
  #isAsking = false;
  #decidedProbe: number | undefined;
  #probe: number | undefined;

  constructor(
    name: BreakerName,
    settings: BreakerSettings,
    holdMs: number,
    share: (breaker: SharedBreaker) => Promise<void>,
  ) {
    this.name = name;
    this.#settings = settings;
    this.#holdMs = holdMs;
    this.#share = share;
  }

  /** Gives leave to go out. Throws BREAKER_OPEN, which says how long until that is worth asking again. */
  async admit(): Promise<Permit> {
    if (this.#isFresh() && this.#isClosed()) return this.#permit();
    if (this.#isFresh()) this.#refuseIfHeld();
    this.#isAsked = true;
    await this.#share(this);
    // Of all who asked together, the first takes the probe.
    const until = this.#probe;
    this.#probe = undefined;
    if (until !== undefined) return this.#probePermit(until);
    if (this.#isClosed()) return this.#permit();
    throw this.#open();
  }

  /** The results up to now are being told. */
  beginSharing(): void {
    this.#telling = this.#results;
    this.#results = { tally: NO_RESULTS, probes: [] };
    this.#isAsking = this.#isAsked;
    this.#isAsked = false;
    this.#probe = undefined;
  }

  /** What the shared state is to be by what is told. */
  decide({ breaker, now }: StoredBreaker): Breaker {
    const settings = this.#settings;
    let next = breaker;
    for (const { until, failure } of this.#telling.probes) next = probed(next, settings, until, failure, now);
    next = counted(next, settings, this.#telling.tally, now);
    const asked = this.#isAsking ? admit(next, now, this.#holdMs) : undefined;
    this.#decidedProbe = asked?.kind === "probe" ? asked.until : undefined;
    return asked?.kind === "probe" ? asked.breaker : next;
  }

  sharingDone({ breaker, now }: StoredBreaker, receivedAt: number): void {
    this.#known = { breaker, now, receivedAt };
    this.#probe = this.#decidedProbe;
  }

  /** The results are told the next time. */
  sharingFailed(): void {
    const [earlier, later] = [this.#telling.tally, this.#results.tally];
    this.#results = {
      probes: [...this.#telling.probes, ...this.#results.probes],
      tally: {
        successes: earlier.successes + later.successes,
        failures: earlier.failures + later.failures,
        failuresInRow: later.failuresInRow + (later.successes > 0 ? 0 : earlier.failuresInRow),
        lastFailure: later.lastFailure ?? earlier.lastFailure,
      },
    };
  }

  #permit(): Permit {
    return {
      isCurrent: () => this.#isFresh() && this.#isClosed(),
      report: async (failure) => {
        if (failure === undefined) return;
        this.#results = { ...this.#results, tally: tallied(this.#results.tally, failure) };
        if (failure !== null || (this.#known?.breaker.failuresInRow ?? 0) > 0) await this.#tell();
      },
    };
  }

  #probePermit(until: number): Permit {
    const begunAt = performance.now();
    return {
      isCurrent: () => performance.now() - begunAt < this.#holdMs / 2,
      report: async (failure) => {
        this.#results.probes.push({ until, failure });
        await this.#tell();
      },
    };
  }

  /** What can't be told now is kept and told the next time; what it is about has its result and must not lose it. */
  async #tell(): Promise<void> {
    await this.#share(this).catch(() => undefined);
  }

  #isFresh(): boolean {
    return this.#known !== undefined && performance.now() - this.#known.receivedAt < KNOWN_FOR_MS;
  }

  #isClosed(): boolean {
    return this.#known?.breaker.state === "closed";
  }

  #refuseIfHeld(): void {
    if (this.#heldForMs() > 0) throw this.#open();
  }

  /** How long until the next probe may go, by the database's clock as far as it is known here. */
  #heldForMs(): number {
    if (this.#known === undefined) return 0;
    const { breaker, now, receivedAt } = this.#known;
    const at = breaker.retryAt ?? breaker.probeUntil ?? now;
    return at - now - (performance.now() - receivedAt);
  }

  #open(): SourceError {
    const { kind, name } = this.name;
    const heldForMs = Math.max(1, Math.ceil(this.#heldForMs()));
    const isProbed = this.#known?.breaker.state === "half_open";
    const retryAfterMs = isProbed ? Math.min(heldForMs, PROBE_LOOK_MS) : heldForMs;
    return new SourceError({
      code: "BREAKER_OPEN",
      message: `the breaker of the ${kind} ${name} is ${isProbed ? "half-open" : "open"}: ${this.#known?.breaker.reason ?? "it failed"}`,
      hint: `it is tried again in ${formatDuration(retryAfterMs)}; \`headworks breakers reset ${name}\` closes it now`,
      retryAfterMs,
    });
  }
}
