// Timers of any length: the runtime's own fire at once when they are asked for more than 24.8 days.

/** The longest that the runtime can wait, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Timer {
  clear(): void;
  /** Begins anew. */
  refresh(): void;
}

/** Calls `work` once, after `ms` milliseconds; never for Infinity. */
export function startTimer(work: () => void, ms: number): Timer {
  return new ChainedTimer(work, ms);
}

/** Every run has one, so it is an object without closures. */
class ChainedTimer implements Timer {
  readonly #work: () => void;
  readonly #ms: number;
  #timer: NodeJS.Timeout;

  constructor(work: () => void, ms: number) {
    this.#work = work;
    this.#ms = ms;
    this.#timer = this.#arm(ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  refresh(): void {
    if (this.#ms <= LONGEST_MS) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = this.#arm(this.#ms);
  }

  #arm(leftMs: number): NodeJS.Timeout {
    if (leftMs <= LONGEST_MS) return setTimeout(this.#work, leftMs);
    return setTimeout(() => {
      this.#timer = this.#arm(leftMs - LONGEST_MS);
    }, LONGEST_MS);
  }
}

/** Resolves after `ms` milliseconds. Rejects with the signal's reason when it is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      timer.clear();
      reject(signal.reason);
    };
    const timer = startTimer(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
