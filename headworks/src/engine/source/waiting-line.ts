// A line of callers who wait their turn, first come, first served; one whose signal aborts leaves it at once.

export interface WaitingLine {
  /** How many wait. */
  length(): number;
  /** Resolves at its turn. Rejects with what it is refused with, or with the signal's reason. */
  join(signal: AbortSignal): Promise<void>;
  /** It is the turn of the next `count`. */
  admit(count: number): void;
  /** Sends the next `count` away. */
  refuse(error: unknown, count: number): void;
}

interface Caller {
  admit(): void;
  refuse(reason: unknown): void;
}

export function openWaitingLine(): WaitingLine {
  // A set keeps the order in which callers came, and lets one in the middle go.
  const callers = new Set<Caller>();

  function next(count: number): Caller[] {
    const found: Caller[] = [];
    for (const caller of callers) {
      if (found.length >= count) break;
      found.push(caller);
    }
    return found;
  }

  function join(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        callers.delete(caller);
        signal.removeEventListener("abort", abandon);
      };
      const abandon = () => caller.refuse(signal.reason);
      const caller: Caller = {
        admit() {
          leave();
          resolve();
        },
        refuse(reason) {
          leave();
          reject(reason);
        },
      };
      callers.add(caller);
      signal.addEventListener("abort", abandon, { once: true });
    });
  }

  return {
    length: () => callers.size,
    join,
    admit(count) {
      for (const caller of next(count)) caller.admit();
    },
    refuse(error, count) {
      for (const caller of next(count)) caller.refuse(error);
    },
  };
}
