// The periodic duties of the engine: planning, rescuing, sweeping, finishing files, retention, schedules. Each runs alone, on its own interval;
// when one fails, that is reported and it runs again at the next.

import { Temporal } from "temporal-polyfill";
import { messageOf } from "../../domain/error.ts";
import { readInstant } from "../../store/ledger/planning.ts";
import { expireTasks } from "../../store/queue/tasks-by-hand.ts";
import { watchRetryStorms } from "../breaker/retry-storms.ts";
import { planOpenSlices } from "../planning/planner.ts";
import type { RunServices } from "../run/services.ts";
import { keepRetention } from "./pruner.ts";
import { stepRedrives } from "./redrives.ts";
import { expireDeadNeighbors, rescueOrphans } from "./rescuer.ts";
import { keepSchedules, pruneOldSlots } from "./scheduler.ts";
import { Sweeper } from "./sweeper.ts";

const PLAN_EVERY_MS = 30_000;
const RESCUE_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 30_000;
const EXPIRE_EVERY_MS = 1_000;
const REDRIVE_EVERY_MS = 1_000;
const STORMS_EVERY_MS = 15_000;
const FILES_EVERY_MS = 60_000;
const SCHEDULES_EVERY_MS = 1_000;
const SLOTS_EVERY_MS = 3_600_000;
const RETENTION_EVERY_MS = 3_600_000;

interface Duty {
  name: string;
  everyMs: number;
  work: () => Promise<unknown>;
}

export class Housekeeping {
  readonly #services: RunServices;
  readonly #renewLeases: () => Promise<void>;
  readonly #duties: Duty[];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stuck = new Set<string>();
  #stopped = false;

  /** `renewLeases` renews those of this process. */
  constructor(services: RunServices, namespace: string, renewLeases: () => Promise<void>) {
    const { database, registry, artifacts, codeVersion } = services;
    const planned = new Set<string>();
    const sweeper = new Sweeper(database);
    this.#services = services;
    this.#renewLeases = renewLeases;
    this.#duties = [
      {
        name: "planning",
        everyMs: PLAN_EVERY_MS,
        work: async () => {
          const now = Temporal.Instant.from(await readInstant(database));
          return planOpenSlices(database, registry, namespace, now, planned, codeVersion);
        },
      },
      { name: "rescuing", everyMs: RESCUE_EVERY_MS, work: () => this.rescue() },
      { name: "expiring", everyMs: EXPIRE_EVERY_MS, work: () => expireTasks(database, codeVersion) },
      { name: "redriving", everyMs: REDRIVE_EVERY_MS, work: () => stepRedrives(database) },
      { name: "watching retries", everyMs: STORMS_EVERY_MS, work: () => watchRetryStorms(database) },
      { name: "sweeping", everyMs: SWEEP_EVERY_MS, work: () => sweeper.round() },
      { name: "finishing files", everyMs: FILES_EVERY_MS, work: () => artifacts.recover(database) },
      {
        name: "retention",
        everyMs: RETENTION_EVERY_MS,
        work: () => keepRetention(database, registry, services),
      },
    ];
    if (registry.schedules.size === 0) return;
    const scheduling = { database, registry, namespace, codeVersion };
    this.#duties.push(
      { name: "schedules", everyMs: SCHEDULES_EVERY_MS, work: () => keepSchedules(scheduling) },
      { name: "forgetting slots", everyMs: SLOTS_EVERY_MS, work: () => pruneOldSlots(database) },
    );
  }

  /** Takes up what a crash left before anything runs; then does its duties on their intervals. Registration has planned. */
  async start(): Promise<void> {
    for (const duty of this.#duties) if (duty.name !== "planning") await duty.work();
    for (const duty of this.#duties) this.#later(duty);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#underWay);
  }

  /** This worker is about to be killed for a run that doesn't end. Said before: whoever finds it dead then knows why. */
  noteStuck(worker: string): void {
    this.#stuck.add(worker);
  }

  /** Takes over what dead workers left. */
  async rescue(): Promise<number> {
    const { database, registry, timeouts } = this.#services;
    await this.#renewLeases();
    await expireDeadNeighbors(database);
    return rescueOrphans(database, { registry, stuck: this.#stuck, timeouts });
  }

  #later(duty: Duty): void {
    if (this.#stopped) return;
    this.#timers.set(
      duty.name,
      setTimeout(() => this.#perform(duty), duty.everyMs),
    );
  }

  #perform(duty: Duty): void {
    const done = duty
      .work()
      .catch((error: unknown) => this.#services.log.warn(`${duty.name} failed: ${messageOf(error)}`))
      .then(() => {
        this.#underWay.delete(done);
        this.#later(duty);
      });
    this.#underWay.add(done);
  }
}
