// Collects runs that have ended and settles them in groups: at once when idle, together when many end while a group is being settled.

import { messageOf } from "../../domain/error.ts";
import { type Database, isContention, isOfServer } from "../../store/database.ts";
import type { Log } from "../../telemetry/log.ts";
import { bareRun, type FinishedRun } from "../run/finished-run.ts";
import { keptError } from "../run/stored-error.ts";
import { settleGroup } from "./settle.ts";
import type { SettledGroup, Settler } from "./settled-run.ts";

/** Runs settled in one transaction at most. */
const GROUP_RUNS = 1_000;
/** A run with more rows than this, or more characters of them, settles alone, so that it delays nobody. */
const LARGE_RUN_ROWS = 1_000;
const LARGE_RUN_CHARACTERS = 262_144;
/** Transactions at once: while one commits, the next is prepared. */
const GROUPS_AT_ONCE = 2;
/** How often a group that loses a race is tried again as a group. */
const RACES = 3;
const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 5_000;

export interface SettleQueueOptions {
  database: Database;
  log: Log;
  redact: (text: string) => string;
  settler: () => Settler;
  onSettled: (group: SettledGroup) => Promise<void>;
}

export class SettleQueue {
  readonly #options: SettleQueueOptions;
  readonly #waiting: FinishedRun[] = [];
  #underWay = 0;
  #runs = 0;
  #idle: (() => void)[] = [];

  constructor(options: SettleQueueOptions) {
    this.#options = options;
  }

  /** Runs that have ended and aren't settled yet. */
  get size(): number {
    return this.#runs;
  }

  add(run: FinishedRun): void {
    this.#waiting.push(run);
    this.#runs += 1;
    this.#settleNext();
  }

  /** Resolves once everything that was added is settled. */
  async drain(): Promise<void> {
    if (this.#runs > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #settleNext(): void {
    if (this.#underWay >= GROUPS_AT_ONCE || this.#waiting.length === 0) return;
    const group = this.#takeGroup();
    this.#underWay += 1;
    void this.#settle(group).finally(() => {
      this.#underWay -= 1;
      this.#runs -= group.length;
      this.#settleNext();
      if (this.#runs > 0) return;
      for (const resolve of this.#idle.splice(0)) resolve();
    });
  }

  #takeGroup(): FinishedRun[] {
    const firstLarge = this.#waiting.findIndex(isLarge);
    if (firstLarge === 0) return this.#waiting.splice(0, 1);
    return this.#waiting.splice(0, Math.min(GROUP_RUNS, firstLarge < 0 ? GROUP_RUNS : firstLarge));
  }

  async #settle(runs: readonly FinishedRun[]): Promise<void> {
    const { database, settler, log } = this.#options;
    let settling = runs;
    let races = 0;
    let refusals = 0;
    for (let retryMs = RETRY_FIRST_MS; ; retryMs = Math.min(retryMs * 2, RETRY_LAST_MS)) {
      try {
        return await this.#tell(await settleGroup(database, settler(), settling));
      } catch (error) {
        if (isContention(error)) races += 1;
        else if (!isOfServer(error)) refusals += 1;
        if (runs.length > 1 && (refusals > 0 || races > RACES)) return this.#settleOneByOne(runs);
        if (refusals > 1) settling = runs.map((run) => this.#withoutRows(run, error));
        log.warn(`a settlement failed and is tried again: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, retryMs * (0.5 + Math.random() / 2)));
      }
    }
  }

  /** It is settled now: what comes after may fail without its being settled again. */
  async #tell(group: SettledGroup): Promise<void> {
    try {
      await this.#options.onSettled(group);
    } catch (error) {
      this.#options.log.warn(`a run is settled, but what follows failed: ${messageOf(error)}`);
    }
  }

  /** A member that poisons its group harms nobody else. */
  async #settleOneByOne(runs: readonly FinishedRun[]): Promise<void> {
    for (const run of runs) await this.#settle([run]);
  }

  /** What the database refuses to take of a run becomes the run's error. */
  #withoutRows(run: FinishedRun, error: unknown): FinishedRun {
    return bareRun(run.task, run.processor, { kind: "threw" }, keptError(error, this.#options.redact));
  }
}

function isLarge(run: FinishedRun): boolean {
  let rows = 0;
  let characters = 0;
  for (const written of run.written.values()) {
    if (written.staged > 0) return true;
    rows += written.rows.length;
    for (const row of written.rows) characters += row.length;
  }
  return rows > LARGE_RUN_ROWS || characters > LARGE_RUN_CHARACTERS;
}
