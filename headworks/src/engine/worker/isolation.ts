// What may be a poison pill runs with nothing else in its process. Every worker that hears of one starts nothing else for a moment, so that
// where runs are short many poison pills are cleared at once; after that only one of the fleet goes on to wait for its runs to
// end, and the others work on.

const PATIENCE_MS = 5_000;
const ASK_EVERY_MS = 1_000;

export class Isolation {
  readonly #choose: () => Promise<boolean>;
  readonly #now: () => number;
  #since: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #chosen = false;

  /** `choose` asks whether this worker is the one that goes on to wait; `now` is in milliseconds. */
  constructor(choose: () => Promise<boolean>, now: () => number = () => performance.now()) {
    this.#choose = choose;
    this.#now = now;
  }

  /** There are poison pills to run; to be told again and again for as long as it is so. Asks at most once a second. */
  async wanted(): Promise<void> {
    const now = this.#now();
    this.#since ??= now;
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    try {
      this.#chosen = await this.#choose();
    } catch (error) {
      this.#chosen = false;
      throw error;
    }
  }

  over(): void {
    this.#since = undefined;
    this.#chosen = false;
  }

  /** Whether a worker with so many runs starts nothing but a poison pill. */
  isKept(running: number): boolean {
    if (this.#since === undefined) return false;
    return running === 0 || this.#chosen || this.#now() - this.#since < PATIENCE_MS;
  }
}
