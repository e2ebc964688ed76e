// Runs pipelines on a database of their own with a real engine, and lets a test wait for what happens in it: no sleeping.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { compileRegistry } from "../define/compile/registry-of.ts";
import { type Pipeline, pipeline } from "../define/pipeline.ts";
import type { Processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import type { Environment, Registry } from "../define/registry.ts";
import type { Source } from "../define/source.ts";
import { openNamespace } from "../engine/planning/namespace.ts";
import { registerAndPlan } from "../engine/planning/registration.ts";
import { Engine } from "../engine/process/engine.ts";
import { openServices } from "../engine/run/open-services.ts";
import type { RunServices } from "../engine/run/services.ts";
import type { SettledRun } from "../engine/settlement/settled-run.ts";
import { assemble } from "../fleet/assembly.ts";
import { transaction } from "../store/database.ts";
import { applyDatasetChanges, planDatasetChanges } from "../store/dataset/schema.ts";
import { findOutput, type NamedSlice } from "../store/ledger/planning.ts";
import { hintReadyTasks, requestTask } from "../store/queue/tasks.ts";
import { openLog } from "../telemetry/log.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { type LedgerRow, readLedger, readOutput } from "./engine-ledger.ts";
import { type RunWatch, watchRuns } from "./engine-watch.ts";

export const NAMESPACE = "prod";

/** A queue whose retries follow at once. */
export const eager = queue("eager", {
  minBackoff: "1ms",
  maxBackoff: "2ms",
  maxDoublings: 0,
  maxAttempts: 3,
});

/** A pipeline of one phase. */
export function pipelineOf(...processors: readonly Processor[]): Pipeline {
  return pipeline("season", { phases: ["all"], processors });
}

export interface WorldOptions {
  /** Another namespace of the database, in which only the selection is planned. Default `prod`. */
  namespace?: string;
  selection?: readonly NamedSlice[];
  codeVersion?: string;
  environment?: Environment;
  sources?: readonly Source[];
  /** Default: a database of its own, dropped with the world. */
  database?: TestDatabase;
  maxConnections?: number;
  /** Where the archive and the artifacts are. Default: a folder of its own, removed with the world. */
  dataDir?: string;
}

/** A registered and planned configuration with the services of one process; nothing runs yet. */
export interface World extends AsyncDisposable {
  db: TestDatabase;
  registry: Registry;
  services: RunServices;
  dataDir: string;
  /** Messages of warnings and errors that the engine logged. */
  warnings: string[];
}

/** Compiles the pipelines, makes the tables of their datasets, registers and plans. */
export async function openWorld(pipelines: readonly Pipeline[], options: WorldOptions = {}): Promise<World> {
  const { codeVersion = "v1", environment = {}, sources = [], namespace = NAMESPACE } = options;
  const db = options.database ?? (await createTestDatabase());
  const registry = compileRegistry(pipelines, { environment, sources });
  if (namespace === NAMESPACE) {
    const changes = await planDatasetChanges(db.database, NAMESPACE, registry.datasets.values());
    await transaction(db.database, (connection) => applyDatasetChanges(connection, NAMESPACE, changes));
  }
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "headworks-engine-")));
  const opened = openServices({
    namespace,
    registry,
    databaseUrl: db.url,
    dataDir,
    codeVersion,
    environment,
    log: { format: "json", level: "error" },
    maxConnections: options.maxConnections ?? 8,
  });
  const warnings: string[] = [];
  const services = { ...opened, log: logInto(warnings) };
  if (namespace === NAMESPACE) await registerAndPlan(db.database, registry, codeVersion, NAMESPACE);
  else
    await openNamespace(db.database, {
      namespace,
      registry,
      codeVersion,
      selection: options.selection ?? [],
    });
  return {
    db,
    registry,
    services,
    dataDir,
    warnings,
    async [Symbol.asyncDispose]() {
      await opened.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      if (options.database === undefined) await db[Symbol.asyncDispose]();
    },
  };
}

export interface RunningEngine extends World, RunWatch {
  /** The ledger row of an output, with its task. */
  output(processor: string, partition?: string): Promise<LedgerRow>;
  ledger(): Promise<Record<string, string>>;
  /** Asks for a run by hand. */
  request(processor: string, partition?: string, how?: { forced?: boolean }): Promise<void>;
  /** Drains; runs may end for `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface EngineSettings extends WorldOptions {
  /** Runs at once. Default 8. */
  concurrency?: number;
}

/** Starts an engine on a world that is registered and planned. It is stopped, and its world closed, at the end of the test. */
export async function startEngine(
  pipelines: readonly Pipeline[],
  settings: EngineSettings = {},
): Promise<RunningEngine> {
  const world = await openWorld(pipelines, settings);
  const watch = watchRuns(world.db.database);
  let stopped: Promise<void> | undefined;
  const engine = new Engine({
    ...assemble(world.services),
    databaseUrl: world.db.url,
    concurrency: settings.concurrency ?? 8,
    onSettled: (run: SettledRun) => watch.noted(run),
  });
  const stop = (graceMs = 0) => {
    stopped ??= engine.stop(graceMs);
    return stopped;
  };
  await engine.start();
  return {
    ...world,
    ...watch,
    stop,
    output: (processor, partition = "all") => readOutput(world.db.database, processor, partition),
    ledger: () => readLedger(world.db.database),
    request: (processor, partition = "all", how = {}) => requestRun(world, processor, partition, how),
    async [Symbol.asyncDispose]() {
      await stop();
      await world[Symbol.asyncDispose]();
    },
  };
}

async function requestRun(
  { db, registry }: World,
  processor: string,
  partition: string,
  how: { forced?: boolean },
): Promise<void> {
  if (!registry.processors.has(processor)) throw new Error(`there is no processor ${processor}`);
  const output = await findOutput(db.database, NAMESPACE, processor, partition);
  if (output === undefined) throw new Error(`there is no output ${processor}[${partition}]`);
  const request = { outputId: output.id, forced: how.forced ?? false, fromArchive: false, traceparent: "" };
  await requestTask(db.database, request);
  await hintReadyTasks(db.database);
}

function logInto(warnings: string[]) {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      warnings.push((JSON.parse(chunk) as { message: string }).message);
      done();
    },
  });
  return openLog({ format: "json", level: "warn", stream });
}
