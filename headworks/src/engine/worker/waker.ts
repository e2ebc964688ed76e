// Lets a loop wait for a while, or until somebody wakes it; a wake that comes between two waits is not lost.

export class Waker {
  #awake = false;
  #wakeUp: () => void = () => undefined;

  wake(): void {
    this.#awake = true;
    this.#wakeUp();
  }

  /** What the loop does from now on takes account of every wake so far. */
  begin(): void {
    this.#awake = false;
  }

  /** Resolves at the next wake, or after `timeoutMs`; at once when there was a wake since {@link begin}. */
  async wait(timeoutMs: number): Promise<void> {
    if (this.#awake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
