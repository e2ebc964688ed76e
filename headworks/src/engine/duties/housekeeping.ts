// Times duties: each runs alone, again when its interval is over. One that fails is reported, and stops no other, nor a start.
// When the process dies, the next one's housekeeping goes on.

import { Temporal } from "temporal-polyfill";
import { startTimer, type Timer } from "../timer.ts";
import type { Duty } from "./duty.ts";
import type { DutyReports } from "./reports.ts";

export class Housekeeping {
  readonly #duties: readonly Duty[];
  readonly #reports: Pick<DutyReports, "succeeded" | "failed">;
  readonly #timers = new Set<Timer>();
  readonly #underWay = new Set<Promise<void>>();
  #stopped = false;

  constructor(duties: readonly Duty[], reports: Pick<DutyReports, "succeeded" | "failed">) {
    this.#duties = duties;
    this.#reports = reports;
  }

  /** Resolves once every duty that comes before work had its first round, whatever came of it. */
  async start(): Promise<void> {
    for (const duty of this.#duties.filter(({ first }) => first === "before_work")) await this.#perform(duty);
    for (const duty of this.#duties) {
      if (duty.first === "at_start") void this.#perform(duty);
      if (duty.first === "later") this.#later(duty);
    }
  }

  /** Resolves once the rounds that are under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) timer.clear();
    await Promise.all(this.#underWay);
  }

  #later(duty: Duty): void {
    if (this.#stopped) return;
    const timer = startTimer(() => {
      this.#timers.delete(timer);
      void this.#perform(duty);
    }, duty.everyMs);
    this.#timers.add(timer);
  }

  async #perform(duty: Duty): Promise<void> {
    const round = this.#round(duty);
    this.#underWay.add(round);
    await round;
    this.#underWay.delete(round);
    this.#later(duty);
  }

  async #round(duty: Duty): Promise<void> {
    try {
      await duty.run(Temporal.Now.instant());
    } catch (error) {
      return this.#reports.failed(duty.name, error);
    }
    await this.#reports.succeeded(duty.name);
  }
}
