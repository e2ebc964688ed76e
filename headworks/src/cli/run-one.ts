// Runs one output because somebody asked: by the fleet if one is there, else in this process.

import { setTimeout as delay } from "node:timers/promises";
import type { InputOf } from "../contract/operation.ts";
import type * as contract from "../contract/outputs.ts";
import type { RunDetails } from "../contract/runs.ts";
import { HeadworksError } from "../domain/error.ts";
import { requireKnown } from "../domain/known-name.ts";
import { PROD } from "../domain/namespace.ts";
import { expireDeadNeighbors } from "../engine/duties/rescuer.ts";
import { assertVersionFree } from "../engine/planning/registration.ts";
import { runAlone } from "../fleet/lone-run.ts";
import { detailsOf } from "../inspect/run-details.ts";
import { registerConfiguration } from "../operate/configurations.ts";
import { findLastEnd, runOutput } from "../operate/run-output.ts";
import type { Database } from "../store/database.ts";
import { listWorkers } from "../store/queue/workers.ts";
import type { Configuration, GlobalOptions } from "./globals.ts";
import { type Interruption, listenForInterruption, type StopSignal } from "./interruption.ts";
import { prepareDatabase } from "./prepare.ts";
import { writeMessage } from "./render/output.ts";
import { openStore, operatorOf, type Store } from "./session.ts";

export type RunResult =
  | { kind: "ended"; details: RunDetails; byFleet: boolean }
  | { kind: "interrupted"; signal: StopSignal };

const LOOK_EVERY_MS = 200;
/** Looks between two checks that there still is somebody who will run it. */
const LOOKS_PER_CHECK = 25;

export async function runOne(
  globals: GlobalOptions,
  configuration: Configuration,
  request: InputOf<typeof contract.runOutput>,
): Promise<RunResult> {
  const { registry, codeVersion } = configuration;
  requireKnown("processor", request.processor, [...registry.processors.keys()]);
  using interruption = listenForInterruption();
  const store = await openStore(globals);
  try {
    const { database } = store;
    const operator = operatorOf(database);
    await prepareDatabase(operator, registry, { applyDatasets: false, say: writeMessage });
    await expireDeadNeighbors(database);
    await assertVersionFree(database, codeVersion);
    const byFleet = await hasLiveWorker(database);
    if (!byFleet) await registerConfiguration(operator, { registry, codeVersion });
    const asked = await runOutput(operator, registry, request);
    if (asked.state === "running") writeMessage("it runs already; waiting for its end");
    const { output_id: outputId } = asked;
    const ended = async () => {
      const last = await findLastEnd(database, outputId);
      return last === (asked.run_before ?? undefined) ? undefined : last;
    };
    const runId = byFleet
      ? await awaitFleet(database, ended, interruption)
      : await runHere(globals, configuration, store, { outputId, ended, interruption });
    if (runId === undefined) return { kind: "interrupted", signal: interruption.received ?? "SIGINT" };
    return { kind: "ended", details: await detailsOf(database, outputId, runId), byFleet };
  } finally {
    await store.close();
  }
}

async function hasLiveWorker(database: Database): Promise<boolean> {
  return (await listWorkers(database)).some((worker) => worker.namespace === PROD && !worker.lease_expired);
}

interface Wait {
  outputId: number;
  /** The id of the run once it has ended. */
  ended: () => Promise<string | undefined>;
  interruption: Interruption;
}

/** Undefined when it was interrupted: the run goes on without us. */
async function awaitFleet(
  database: Database,
  ended: Wait["ended"],
  { signal }: Interruption,
): Promise<string | undefined> {
  for (let look = 1; !signal.aborted; look += 1) {
    const run = await ended();
    if (run !== undefined) return run;
    if (look % LOOKS_PER_CHECK === 0 && !(await hasLiveWorker(database))) throw fleetGone();
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Undefined when it was interrupted: the run is abandoned and uses up no attempt. */
async function runHere(
  { dataDir }: GlobalOptions,
  { registry, codeVersion }: Configuration,
  { url: databaseUrl }: Store,
  { outputId, ended, interruption }: Wait,
): Promise<string | undefined> {
  await runAlone({
    registry,
    codeVersion,
    databaseUrl,
    dataDir,
    environment: process.env,
    log: { format: process.stderr.isTTY ? "pretty" : "json", level: "info" },
    outputId,
    signal: interruption.signal,
  });
  return ended();
}

function fleetGone(): HeadworksError {
  return new HeadworksError({
    code: "FLEET_GONE",
    message: "the workers that were to run it are gone",
    hint: "run the command again: it runs in this process then",
  });
}
