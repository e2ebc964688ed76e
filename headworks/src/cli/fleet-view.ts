// Shows a fleet at work: prepares the database, starts the fleet, shows progress, drains it when it is told to stop.

import { Writable } from "node:stream";
import type { HealthReport } from "../contract/health.ts";
import { formatDuration } from "../domain/duration.ts";
import { PROD } from "../domain/namespace.ts";
import { plural } from "../domain/plural.ts";
import { expireDeadNeighbors } from "../engine/duties/rescuer.ts";
import { assertVersionFree } from "../engine/planning/registration.ts";
import { type Fleet, openFleet } from "../fleet/fleet.ts";
import { readHealth } from "../inspect/read-health.ts";
import { registerConfiguration } from "../operate/configurations.ts";
import { countEndedRuns } from "../store/history/overview.ts";
import { followWork } from "./follow.ts";
import type { Configuration, GlobalOptions } from "./globals.ts";
import { type Interruption, listenForInterruption, type StopSignal } from "./interruption.ts";
import { prepareDatabase } from "./prepare.ts";
import { type RenderOptions, renderHealth } from "./render/health-report.ts";
import { painter, widthOf } from "./render/output.ts";
import { openProgressView, type ProgressView } from "./render/progress-view.ts";
import { openStore, operatorOf, type Store } from "./session.ts";

export interface FleetOptions {
  runners: number;
  /** Runs at once in each runner. */
  concurrency: number;
  graceMs: number;
  /** How long a database that is down is waited for. */
  waitMs: number;
  untilSettled: boolean;
  applyDatasets: boolean;
  progress: boolean;
  /** Backups by the clock. */
  backups?: { everyMs: number; keep: number; folder: string };
}

export type FleetOutcome =
  | { kind: "settled"; runs: number; elapsedMs: number; health: HealthReport }
  | { kind: "stopped"; signal: StopSignal };

const LOOK_EVERY_MS = 250;

/** Resolves when everything is settled, if that was asked for, or when it was stopped and has drained. */
export async function runFleet(
  globals: GlobalOptions,
  configuration: Configuration,
  options: FleetOptions,
): Promise<FleetOutcome> {
  const view = openProgressView(process.stderr, viewKind(options));
  using interruption = listenForInterruption();
  try {
    const { signal } = interruption;
    const store = await openStore(globals, { waitMs: options.waitMs, say: view.message, signal });
    try {
      await prepare(store, configuration, options, view);
      return await work(globals, configuration, options, { store, view, interruption });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (interruption.received === undefined) throw error;
    return { kind: "stopped", signal: interruption.received };
  } finally {
    view.end();
  }
}

async function prepare(
  store: Store,
  { registry, codeVersion }: Configuration,
  options: FleetOptions,
  view: ProgressView,
): Promise<void> {
  const { database } = store;
  const operator = operatorOf(database);
  await prepareDatabase(operator, registry, { applyDatasets: options.applyDatasets, say: view.message });
  // The workers of a fleet that was killed on this machine are no reason to refuse.
  await expireDeadNeighbors(database);
  await assertVersionFree(database, codeVersion);
  const registered = await registerConfiguration(operator, { registry, codeVersion });
  const { retired_processors, retired_schedules, planned_outputs: planned } = registered;
  const retired = [...retired_processors, ...retired_schedules.map((name) => `schedule ${name}`)];
  if (retired.length > 0) view.message(`no longer in the configuration: ${retired.join(", ")}`);
  if (planned > 0) view.message(`planned ${plural(planned, "output")}`);
}

interface Surroundings {
  store: Store;
  view: ProgressView;
  interruption: Interruption;
}

async function work(
  globals: GlobalOptions,
  { path, registry, codeVersion }: Configuration,
  options: FleetOptions,
  { store, view, interruption }: Surroundings,
): Promise<FleetOutcome> {
  const startedAt = Date.now();
  let elapsedMs = 0;
  const { database, url: databaseUrl } = store;
  // Beside progress, what runs log is kept in the database only: `headworks logs` has it.
  const log = {
    format: process.stderr.isTTY ? "pretty" : "json",
    level: options.progress ? "warn" : "info",
  } as const;
  const { runners, concurrency, backups } = options;
  const fleet = openFleet({
    configuration: path,
    registry,
    codeVersion,
    databaseUrl,
    dataDir: globals.dataDir,
    environment: process.env,
    log,
    ...(options.progress && { supervisorLog: messagesTo(view) }),
    runners,
    concurrency,
    ...(backups && { backups }),
  });
  try {
    await fleet.start();
    const following = followWork({
      database,
      revive: store.revive,
      view,
      everyMs: LOOK_EVERY_MS,
      startedAt,
      onSettled: async () => {
        if (options.untilSettled) return "end";
        view.message(renderHealth(await readHealth(database, PROD), terminal()).join("\n"));
        return "go_on";
      },
      signal: interruption.signal,
    });
    await Promise.race([following, fleet.failed]);
    elapsedMs = Date.now() - startedAt;
  } finally {
    if (interruption.received !== undefined) view.message(drainMessage(fleet, interruption.received));
    await fleet.stop(options.graceMs);
  }
  if (interruption.received !== undefined) return { kind: "stopped", signal: interruption.received };
  view.end();
  const runs = await countEndedRuns(database, PROD, startedAt);
  view.message(
    `settled: ${plural(runs, "run")} in ${formatDuration(elapsedMs)}, ${(runs / (elapsedMs / 1_000)).toFixed(1)} a second`,
  );
  return { kind: "settled", runs, elapsedMs, health: await readHealth(database, PROD) };
}

/** How a report is written that appears among the messages. */
function terminal(): RenderOptions {
  return { paint: painter(process.stderr), width: widthOf(process.stderr), now: Date.now() };
}

function viewKind(options: FleetOptions): "live" | "plain" | "none" {
  if (!options.progress) return "none";
  return process.stderr.isTTY ? "live" : "plain";
}

function drainMessage(fleet: Fleet, signal: StopSignal): string {
  const running = fleet.running();
  const what = `${plural(running, "run is", "runs are")} ending`;
  return `draining: ${what}; ${signal === "SIGINT" ? "press Ctrl-C" : "send the signal"} again to stop at once`;
}

/** What the supervisor logs goes above the progress, so that neither tears the other. */
function messagesTo(view: ProgressView) {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      view.message(String(chunk).trimEnd());
      done();
    },
  });
  return { format: "pretty", level: "warn", stream } as const;
}
