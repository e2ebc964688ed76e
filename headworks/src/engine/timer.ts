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
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const onEnd = leftMs > LONGEST_MS ? () => arm(leftMs - LONGEST_MS) : work;
    timer = setTimeout(onEnd, Math.min(leftMs, LONGEST_MS));
  };
  arm(ms);
  return {
    clear: () => clearTimeout(timer),
    refresh() {
      if (ms <= LONGEST_MS) return void timer.refresh();
      clearTimeout(timer);
      arm(ms);
    },
  };
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
