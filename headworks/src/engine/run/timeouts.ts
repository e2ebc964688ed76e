// The hard timeouts of runs. Where they are dynamic, the history is asked anew once a minute by whoever starts such a run.
// When it can't be asked, what was known holds, and at first what was declared.

import { MOST_SAMPLES } from "../../define/dynamic-timeout.ts";
import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import { formatDuration } from "../../domain/duration.ts";
import { messageOf } from "../../domain/error.ts";
import { dynamicTimeoutMs, type RunTimes } from "../../domain/settlement/timeout.ts";
import type { Database } from "../../store/database.ts";
import { listRunTimes } from "../../store/history/run-times.ts";
import type { Log } from "../../telemetry/log.ts";

const REFRESH_EVERY_MS = 60_000;

export interface RunTimeout {
  ms: number;
  /** What it comes from, for people; undefined when it was declared. */
  basis?: string;
}

export class Timeouts {
  readonly #database: Database;
  readonly #namespace: string;
  readonly #log: Log;
  readonly #dynamic: readonly string[];
  #times: ReadonlyMap<string, RunTimes> = new Map();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, namespace: string, registry: Registry, log: Log) {
    this.#database = database;
    this.#namespace = namespace;
    this.#log = log;
    this.#dynamic = [...registry.processors.values()]
      .filter((each) => each.dynamicTimeout !== undefined)
      .map((each) => each.name);
  }

  /** The timeout of a run that starts now. */
  of(processor: CompiledProcessor): RunTimeout {
    const { dynamicTimeout: settings, hardTimeoutMs, name } = processor;
    if (settings === undefined) return { ms: hardTimeoutMs };
    if (performance.now() - this.#askedAt > REFRESH_EVERY_MS) void this.refresh();
    const times = this.#times.get(name);
    const ms = dynamicTimeoutMs(settings, times);
    if (times === undefined || ms === undefined) return { ms: hardTimeoutMs };
    const { factor, floorMs, ceilingMs } = settings;
    const usual = `${factor} × ${formatDuration(Math.ceil(times.p95Ms))}, the P95 of ${times.samples} successful runs`;
    const bounds = `${formatDuration(floorMs)} to ${formatDuration(ceilingMs)}`;
    return { ms, basis: `its dynamic timeout: ${usual}, within ${bounds}` };
  }

  /** Asks the history now. */
  async refresh(): Promise<void> {
    if (this.#dynamic.length === 0) return;
    this.#askedAt = performance.now();
    try {
      this.#times = await listRunTimes(this.#database, this.#namespace, this.#dynamic, MOST_SAMPLES);
    } catch (error) {
      this.#log.warn(`the times of runs couldn't be read; timeouts stay as they were: ${messageOf(error)}`);
    }
  }
}
