// Runs one output because somebody asked: by the fleet if one is there, else in this process.

import { setTimeout as delay } from "node:timers/promises";
import { Temporal } from "temporal-polyfill";
import { HeadworksError } from "../domain/error.ts";
import { requireKnown } from "../domain/known-name.ts";
import { PROD } from "../domain/namespace.ts";
import { expireDeadNeighbors } from "../engine/duties/rescuer.ts";
import { newTraceparent } from "../engine/ids.ts";
import { planAndRelease } from "../engine/planning/planner.ts";
import { assertVersionFree, registerAndPlan } from "../engine/planning/registration.ts";
import { ENDS_A_TRY_ONLY, runAlone } from "../fleet/lone-run.ts";
import { migrateOwnTables, prepareTables } from "../fleet/prepare.ts";
import { detailsOf, type RunDetails } from "../inspect/run-details.ts";
import { partitionOf } from "../operate/partition.ts";
import { type Database, transaction } from "../store/database.ts";
import { listAttempts } from "../store/history/runs.ts";
import { findOutput } from "../store/ledger/planning.ts";
import { lockRegistry } from "../store/queue/registry.ts";
import { hintReadyTasks, requestTask } from "../store/queue/tasks.ts";
import { listWorkers } from "../store/queue/workers.ts";
import type { Configuration, GlobalOptions } from "./globals.ts";
import { type Interruption, listenForInterruption, type StopSignal } from "./interruption.ts";
import { writeMessage } from "./render/output.ts";
import { openStore, type Store } from "./session.ts";

export interface RunRequest {
  processor: string;
  partition: string | undefined;
  fromArchive: boolean;
  forced: boolean;
}

export type RunResult =
  | { kind: "ended"; details: RunDetails; byFleet: boolean }
  | { kind: "interrupted"; signal: StopSignal };

const LOOK_EVERY_MS = 200;
/** Looks between two checks that there still is somebody who will run it. */
const LOOKS_PER_CHECK = 25;

export async function runOne(
  globals: GlobalOptions,
  configuration: Configuration,
  request: RunRequest,
): Promise<RunResult> {
  const { registry, codeVersion } = configuration;
  requireKnown("processor", request.processor, [...registry.processors.keys()]);
  using interruption = listenForInterruption();
  const store = await openStore(globals);
  try {
    const { database } = store;
    await migrateOwnTables(database, writeMessage);
    await prepareTables(database, registry, { apply: false, say: writeMessage });
    await expireDeadNeighbors(database);
    await assertVersionFree(database, codeVersion);
    const byFleet = await hasLiveWorker(database);
    if (!byFleet) await registerAndPlan(database, registry, codeVersion, PROD);
    const outputId = await findOrPlan(database, configuration, request);
    const before = (await lastEnded(database, outputId))?.id;
    await ask(database, outputId, request);
    const ended = async () => {
      const last = await lastEnded(database, outputId);
      return last !== undefined && last.id !== before ? last.id : undefined;
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

/** The output's id; one that the partitions cover and that isn't in the ledger yet is planned. */
async function findOrPlan(
  database: Database,
  { registry }: Configuration,
  request: RunRequest,
): Promise<number> {
  const slice = await partitionOf(database, registry, request);
  const { name } = slice.processor;
  const found = await findOutput(database, PROD, name, slice.key);
  if (found !== undefined) return found.id;
  await transaction(database, async (connection) => {
    await lockRegistry(connection, PROD);
    await planAndRelease(connection, registry, PROD, [slice], Temporal.Now.instant());
  });
  const planned = await findOutput(database, PROD, name, slice.key);
  if (planned === undefined) throw new Error(`${name}[${slice.key}] was planned and is not there`);
  return planned.id;
}

async function ask(database: Database, outputId: number, { forced, fromArchive }: RunRequest): Promise<void> {
  const task = await requestTask(database, {
    outputId,
    forced,
    fromArchive,
    traceparent: newTraceparent(null),
  });
  if (task.state === "running") writeMessage("it runs already; waiting for its end");
  else await hintReadyTasks(database);
}

async function lastEnded(database: Database, outputId: number) {
  const attempts = await listAttempts(database, outputId, 10);
  return attempts.find((attempt) => attempt.outcome !== null && !ENDS_A_TRY_ONLY.has(attempt.reason ?? ""));
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

/** Undefined when it was interrupted: the run is released and uses up no attempt. */
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
