// The time limits of one run: the hard timeout, the heartbeat, and the grace in which an aborted handler may still stop.

import type { RunReport } from "../../domain/settlement/settle.ts";
import { isOfServer } from "../../store/database.ts";
import { sleep, startTimer, type Timer } from "../timer.ts";

/** Milliseconds that a handler has after its signal was aborted; then its run ends without it. */
const HANDLER_GRACE_MS = 2_000;
/** Milliseconds after which a database that is away is asked again. */
const ASK_AGAIN_MS = 500;

export class RunLimits {
  /** Why the run was ended from outside; undefined when it ended by itself. */
  cutShort: Extract<RunReport, { kind: "timed_out" | "abandoned" }> | undefined;
  isOver = false;
  /** The run that they are of, for messages. */
  runId = "";
  /** What failed in the run without anybody awaiting it; undefined when nothing did. */
  failure: { error: unknown } | undefined;

  #controller: AbortController | undefined;
  readonly #heartbeatMs: number | undefined;
  readonly #graceMs: number;
  readonly #hardTimer: Timer;
  #heartbeatTimer: Timer | undefined;
  #graceTimer: Timer | undefined;
  #abandon: () => void = () => undefined;
  /** How much of the run waits for a database that is away. */
  #outlasting = 0;

  constructor(hardTimeoutMs: number, heartbeatMs: number | undefined, graceMs = HANDLER_GRACE_MS) {
    this.#graceMs = graceMs;
    this.#heartbeatMs = heartbeatMs;
    this.#hardTimer = startTimer(() => this.end({ kind: "timed_out", reason: "hard" }), hardTimeoutMs);
    this.alive();
  }

  /** Made when it is first asked for; of a run that was ended before, it is aborted from the start. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.cutShort !== undefined) this.#controller.abort(reasonOf(this.cutShort));
      if (this.failure !== undefined) this.#controller.abort(this.failure.error);
    }
    return this.#controller.signal;
  }

  /** A sign of life: the heartbeat begins anew. */
  alive(): void {
    if (this.#heartbeatMs === undefined || this.isOver) return;
    if (this.#heartbeatTimer === undefined) {
      this.#heartbeatTimer = startTimer(
        () => this.end({ kind: "timed_out", reason: "stalled" }),
        this.#heartbeatMs,
      );
    } else {
      this.#heartbeatTimer.refresh();
    }
  }

  /**
   * Asks the database, and again for as long as the run has time when the server is away, read-only or full. A run that
   * runs out of time meanwhile is given back: it isn't to blame.
   */
  async outlast<T>(ask: () => Promise<T>): Promise<T> {
    let isAway = false;
    try {
      for (;;) {
        try {
          return await ask();
        } catch (error) {
          if (!isOfServer(error) || this.signal.aborted) throw error;
          if (!isAway) this.#outlasting += 1;
          isAway = true;
          await sleep(ASK_AGAIN_MS, this.signal);
          this.alive();
        }
      }
    } finally {
      if (isAway) this.#outlasting -= 1;
    }
  }

  /** Ends the run from outside: aborts its signal, and gives up on its handler after the grace. The first reason stays. */
  end(reason: NonNullable<RunLimits["cutShort"]>): void {
    if (this.isOver || this.cutShort !== undefined) return;
    const cut = this.#outlasting > 0 ? ({ kind: "abandoned", alone: false } as const) : reason;
    this.cutShort = cut;
    this.#controller?.abort(reasonOf(cut));
    this.#graceTimer = startTimer(() => this.#abandon(), this.#graceMs);
  }

  /** Ends the run as failed: its signal is aborted, and its handler may stop within the grace. The first error stays. */
  fail(error: unknown): void {
    if (this.isOver || this.failure !== undefined) return;
    this.failure = { error };
    this.#controller?.abort(error);
    this.#graceTimer ??= startTimer(() => this.#abandon(), this.#graceMs);
  }

  /** The handler's ending; undefined when it doesn't stop within the grace. Afterward the run is over. */
  async race<T>(handler: Promise<T>): Promise<T | undefined> {
    const ending = await new Promise<T | undefined>((resolve, reject) => {
      this.#abandon = () => resolve(undefined);
      handler.then(resolve, reject);
    });
    this.isOver = true;
    this.#hardTimer.clear();
    this.#heartbeatTimer?.clear();
    this.#graceTimer?.clear();
    return ending;
  }
}

function reasonOf(cut: NonNullable<RunLimits["cutShort"]>): Error {
  return new Error(cut.kind === "abandoned" ? "the run was abandoned" : "the run timed out");
}
