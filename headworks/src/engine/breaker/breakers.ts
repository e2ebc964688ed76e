// The circuit breakers of a process. Results are counted here; what all processes share is read at most every second, and changed
// at once when something failed. While all is well, neither a request nor a run costs a round trip.

import { isDeepStrictEqual } from "node:util";
import type { BreakerSettings } from "../../domain/dispatch/breaker.ts";
import { type Database, transaction } from "../../store/database.ts";
import {
  type BreakerName,
  readBreakers,
  type StoredBreaker,
  saveBreakers,
} from "../../store/failure/breakers.ts";
import { recordEvent } from "../../store/history/records.ts";
import { SharedBreaker } from "./shared-breaker.ts";

/** A breaker as it was read and as it is to be. */
interface Change {
  shared: SharedBreaker;
  before: StoredBreaker;
  after: StoredBreaker;
}

export class Breakers {
  readonly #database: Database;
  readonly #namespace: string;
  readonly #breakers = new Map<string, SharedBreaker>();
  readonly #due = new Set<SharedBreaker>();
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(database: Database, namespace: string) {
    this.#database = database;
    this.#namespace = namespace;
  }

  /** `holdMs` is how long a probe may take before another is let out. */
  of(name: BreakerName, settings: BreakerSettings, holdMs: number): SharedBreaker {
    const key = keyOf(name);
    const known = this.#breakers.get(key);
    if (known !== undefined) return known;
    const made = new SharedBreaker(name, settings, holdMs, (breaker) => this.#share(breaker));
    this.#breakers.set(key, made);
    return made;
  }

  /** Tells the results of a breaker and learns its state. All that are due meanwhile go together. */
  #share(breaker: SharedBreaker): Promise<void> {
    this.#due.add(breaker);
    this.#next ??= this.#last
      .catch(() => undefined)
      .then(() => {
        this.#last = this.#shareDue();
        return this.#last;
      });
    return this.#next;
  }

  async #shareDue(): Promise<void> {
    this.#next = undefined;
    let left = [...this.#due];
    this.#due.clear();
    for (const breaker of left) breaker.beginSharing();
    try {
      // Whoever loses a race reads anew: another has got on meanwhile.
      while (left.length > 0) left = await this.#shareOnce(left);
    } catch (error) {
      for (const breaker of left) breaker.sharingFailed();
      throw error;
    }
  }

  /** Gives those that somebody else changed at the same time. */
  async #shareOnce(breakers: readonly SharedBreaker[]): Promise<SharedBreaker[]> {
    const stored = await readBreakers(
      this.#database,
      this.#namespace,
      breakers.map((each) => each.name),
    );
    const receivedAt = performance.now();
    const byKey = new Map(stored.map((each) => [keyOf(each), each]));
    const changes = breakers.map((shared): Change => {
      const before = byKey.get(keyOf(shared.name));
      if (before === undefined)
        throw new Error(`the breaker of ${shared.name.name} was removed as it was read`);
      return { shared, before, after: { ...before, breaker: shared.decide(before) } };
    });
    const changed = changes.filter(({ before, after }) => !isDeepStrictEqual(before.breaker, after.breaker));
    const saved = changed.length === 0 ? new Set<string>() : await this.#save(changed);
    const [done, lost] = [true, false].map((isDone) =>
      changes.filter(
        (change) => (!changed.includes(change) || saved.has(keyOf(change.shared.name))) === isDone,
      ),
    );
    for (const { shared, after } of done ?? []) shared.sharingDone(after, receivedAt);
    return (lost ?? []).map(({ shared }) => shared);
  }

  async #save(changes: readonly Change[]): Promise<Set<string>> {
    return transaction(this.#database, async (connection) => {
      const names = await saveBreakers(
        connection,
        this.#namespace,
        changes.map(({ after }) => after),
      );
      const saved = new Set(names.map(keyOf));
      for (const { before, after } of changes) {
        if (!saved.has(keyOf(after)) || before.breaker.state === after.breaker.state) continue;
        const { kind, name, breaker } = after;
        await recordEvent(connection, {
          kind: `breaker.${breaker.state}`,
          subject: name,
          message: `the breaker of the ${kind} ${name} is ${breaker.state.replace("_", "-")}${breaker.reason === null ? "" : `: ${breaker.reason}`}`,
          details: { namespace: this.#namespace, kind, was: before.breaker.state, reason: breaker.reason },
        });
      }
      return saved;
    });
  }
}

function keyOf({ kind, name }: BreakerName): string {
  return `${kind} ${name}`;
}
