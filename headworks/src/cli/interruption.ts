// Ctrl-C and SIGTERM: the first asks to drain, the second ends the process at once.

import { EXIT } from "./errors.ts";

export type StopSignal = "SIGINT" | "SIGTERM";

export interface Interruption extends Disposable {
  /** Aborted by the first signal, or when the parent that watches over this process is gone. */
  readonly signal: AbortSignal;
  readonly received: StopSignal | undefined;
}

/** Listens until it is disposed of. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let received: StopSignal | undefined;
  const hear = (signal: StopSignal) => {
    if (received !== undefined) process.exit(signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated);
    received = signal;
    controller.abort();
  };
  const parentGone = () => hear("SIGTERM");
  process.on("SIGINT", hear);
  process.on("SIGTERM", hear);
  process.once("disconnect", parentGone);
  return {
    signal: controller.signal,
    get received() {
      return received;
    },
    [Symbol.dispose]() {
      process.off("SIGINT", hear);
      process.off("SIGTERM", hear);
      process.off("disconnect", parentGone);
    },
  };
}
