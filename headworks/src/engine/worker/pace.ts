// How much a worker claims at once, and how soon it looks again: a few large claims cost less than many small ones.

const POLL_MS = 1_000;
const BUSY_POLL_MS = 25;
/** How long after its last claim a limited queue is asked again quickly. */
const BUSY_FOR_MS = 2_000;
/** How long runs are waited for to end, so that more can be claimed in one go. */
const GATHER_MS = 10;

export class Pace {
  readonly #concurrency: number;
  #busyUntil = 0;
  #gatheringSince: number | undefined;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Room for runs. Half of it is waited for a moment, so that claims come in sets; slots that long runs leave are used too. */
  room(running: number, settling: number): number {
    const concurrency = this.#concurrency;
    const free = Math.max(0, Math.min(concurrency - running, 2 * concurrency - settling - running));
    if (free === 0 || free >= concurrency / 2 || running < concurrency / 2) return free;
    this.#gatheringSince ??= Date.now();
    return this.#isGathering() ? 0 : free;
  }

  /** Something was claimed: what ends from now on is gathered anew. */
  claimed(): void {
    this.#gatheringSince = undefined;
  }

  /** A queue with a limit was asked: it may grant more before the next poll. */
  limited(): void {
    this.#busyUntil = Date.now() + BUSY_FOR_MS;
  }

  /** How long to wait before the next look, in milliseconds. */
  pauseMs(): number {
    if (this.#isGathering()) return GATHER_MS;
    return Date.now() < this.#busyUntil ? BUSY_POLL_MS : POLL_MS;
  }

  #isGathering(): boolean {
    return this.#gatheringSince !== undefined && Date.now() - this.#gatheringSince < GATHER_MS;
  }
}
