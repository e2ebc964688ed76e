// A runner process: loads the configuration, works under a lease that its supervisor renews, and leaves when that is gone.

import { loadConfiguration } from "../../define/load.ts";
import { HeadworksError, messageOf } from "../../domain/error.ts";
import { ReadyListener } from "../../store/listener.ts";
import { openServices } from "../run/open-services.ts";
import { keepStrayErrors } from "../run/stray-errors.ts";
import { LEASE_MS } from "../worker/leases.ts";
import { Worker } from "../worker/worker.ts";
import {
  type RunnerSettings,
  SETTINGS_VARIABLE,
  type ToRunner,
  type ToSupervisor,
} from "./runner-protocol.ts";

const ORPHANED_GRACE_MS = 2_000;

/** Runs until the supervisor says stop or is gone. Throws when it wasn't started by one. */
export async function runRunnerProcess(): Promise<void> {
  const settings = readSettings();
  // The terminal's Ctrl-C reaches the supervisor, which tells its runners what to do.
  process.on("SIGINT", () => undefined);
  try {
    await work(settings);
  } catch (error) {
    say(failureOf(error));
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

async function work(settings: RunnerSettings): Promise<void> {
  const { registry } = await loadConfiguration(settings.directory, settings.configuration, process.env);
  const services = openServices({ ...settings, registry, environment: process.env });
  keepStrayErrors(services.log);
  const worker = new Worker({
    services,
    concurrency: settings.concurrency,
    leaseMs: LEASE_MS,
    onRegistered: (id) => say({ kind: "registered", worker: id }),
  });
  const listener = new ReadyListener(settings.databaseUrl, () => worker.wake());
  const stopped = new Promise<number>((resolve) => {
    process.on("SIGTERM", () => resolve(ORPHANED_GRACE_MS));
    process.once("disconnect", () => {
      resolve(ORPHANED_GRACE_MS);
      // Its supervisor is gone, perhaps while it was draining: nobody waits for it any longer.
      setTimeout(() => worker.hurry(), ORPHANED_GRACE_MS);
    });
    process.on("message", (message: ToRunner) => {
      if (message.kind === "stop") resolve(message.graceMs);
      if (message.kind === "lease_lost") void worker.leaseLost();
      if (message.kind === "ping") {
        say({ kind: "pong", running: worker.runningCount });
      }
    });
  });
  try {
    await listener.start();
    await Promise.race([worker.start(), stopped]);
    await worker.stop(await stopped);
  } finally {
    // Left open, they would keep a process that nobody knows of.
    await listener.stop();
    await services.close();
  }
}

function readSettings(): RunnerSettings {
  const text = process.env[SETTINGS_VARIABLE];
  if (text !== undefined) return JSON.parse(text) as RunnerSettings;
  throw new HeadworksError({
    code: "NOT_FOR_HANDS",
    message: "a runner is started by a supervisor",
    hint: "run `headworks start`",
  });
}

function say(message: ToSupervisor): void {
  if (process.connected) process.send?.(message);
}

function failureOf(error: unknown): ToSupervisor {
  if (error instanceof HeadworksError)
    return { kind: "failed", code: error.code, message: error.message, hint: error.hint };
  return {
    kind: "failed",
    code: "RUNNER_FAILED",
    message: messageOf(error),
    hint: "see the error above; this is a fault of Headworks",
  };
}
