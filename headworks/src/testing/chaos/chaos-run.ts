// Sets up a chaos run: a PostgreSQL of its own, fleets of real processes, a producer, the handlers' operations; and checks what is left.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { type RunningCommand, startCommand } from "../../cli/command.fixture.ts";
import { compileRegistry } from "../../define/compile/registry-of.ts";
import { type Database, isConnectionLoss, openDatabase } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import { findViolations } from "./checker.ts";
import { countOpen, readHistory } from "./history.ts";
import load from "./load.config.ts";
import { type OperationWatch, watchOperations } from "./operation-watch.ts";
import { readOperations, steadyNow } from "./operations.ts";
import { type OwnServer, startOwnServer } from "./own-server.ts";
import { openProducer, type Producer } from "./producer.ts";

const CONFIGURATION = fileURLToPath(new URL("./load.config.ts", import.meta.url));
const LOOK_EVERY_MS = 100;

export interface FleetSettings {
  /** Default: the server's own address. */
  url?: string;
  /** Runner processes. Default 2. */
  runners?: number;
  /** Runs at once in each. Default 20. */
  concurrency?: number;
  env?: Record<string, string>;
}

/** `headworks start`, as a process of its own. */
export interface Fleet extends RunningCommand {
  /** Its runner processes that have begun a run and live. */
  runnerPids(): number[];
  /** The one of them that has most under way, as soon as one has anything. */
  busyRunner(): Promise<number>;
}

export interface ChaosRun extends AsyncDisposable {
  server: OwnServer;
  /** Straight to the server. */
  database: Database;
  producer: Producer;
  watch: OperationWatch;
  startFleet(settings?: FleetSettings): Promise<Fleet>;
  /** Stops the producer, waits until nothing is left to run, and expects all to be as promised. Gives the figures. */
  expectAllWell(): Promise<string>;
}

/** Nothing burns yet. `dataDir`: where the server's data go. */
export async function openChaosRun(dataDir?: string): Promise<ChaosRun> {
  const server = await startOwnServer(dataDir);
  const folder = await mkdtemp(join(tmpdir(), "headworks-chaos-"));
  const operationsFolder = join(folder, "operations");
  await mkdir(operationsFolder);
  const database = openDatabase({ url: server.url, role: "tests", maxConnections: 4 });
  await migrate(database);
  const watch = watchOperations(operationsFolder);
  const registry = compileRegistry([load], { environment: {} });
  const producer = openProducer({
    database,
    registry,
    operations: watch,
    file: join(folder, "acknowledged"),
  });
  const fleets: Fleet[] = [];
  let isOver = false;
  // A test that runs out of time waits in vain somewhere: that must end, so that what it has started does.
  onTestFinished(() => {
    isOver = true;
    watch.fail(new Error("the test is over"));
  });

  async function startFleet(settings: FleetSettings = {}): Promise<Fleet> {
    const { url = server.url, runners = 2, concurrency = 20, env = {} } = settings;
    const before = await workerIds(database);
    const command = startCommand(
      [
        ...["start", "--apply-datasets", "--config", CONFIGURATION, "--data-dir", join(folder, "data")],
        ...["--runners", String(runners), "--concurrency", String(concurrency), "--database-url", url],
      ],
      { env: { HEADWORKS_CHAOS_OPERATIONS: operationsFolder, ...env } },
    );
    const runnerPids = () => runnersOf(watch, command.pid);
    const fleet = { ...command, runnerPids, busyRunner: () => busiest(watch, runnerPids) };
    fleets.push(fleet);
    // One that we kill has no exit code; one that was told to stop ends with 0.
    const failed = command.ended.then(({ code, stderr }) => {
      if (code === null || code === 0) return;
      const error = new Error(`a fleet ended by itself, with ${code}:\n${stderr}`);
      watch.fail(error);
      throw error;
    });
    failed.catch(() => undefined);
    await Promise.race([untilWorkers(database, before, runners), failed]);
    return fleet;
  }

  return {
    server,
    database,
    producer,
    watch,
    startFleet,
    async expectAllWell() {
      await producer.stop();
      await untilNothingIsOpen(database, () => isOver);
      for (const fleet of fleets) fleet.signal("SIGTERM");
      await Promise.all(fleets.map((fleet) => fleet.ended));
      // Whatever was noted in the last moment is among the watched operations too from here on.
      watch.underWay();
      const operations = readOperations(operationsFolder);
      const history = await readHistory(database);
      const { offered, acknowledged } = producer;
      expect(findViolations({ offered, acknowledged, operations, ...history })).toEqual([]);
      const again = history.runs.length - history.ledger.length;
      return `${acknowledged.length} tasks, 0 lost, ${again} runs again, each explained`;
    },
    async [Symbol.asyncDispose]() {
      producer[Symbol.dispose]();
      for (const fleet of fleets) await fleet[Symbol.asyncDispose]();
      await database.end();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Says what a chaos run has shown; kept out of the assertions, since machines differ. */
export function tell(scenario: string, ...figures: string[]): void {
  process.stdout.write(`🔥 ${scenario}: ${figures.join("; ")}\n`);
}

/** Sends a signal to a process that a test has started; when it was sent, by the steady clock. */
export function strike(pid: number, signal: NodeJS.Signals): number {
  const at = steadyNow();
  process.kill(pid, signal);
  return at;
}

function runnersOf(watch: OperationWatch, supervisor: number): number[] {
  watch.underWay();
  const its = watch.operations
    .filter((operation) => operation.supervisor === supervisor)
    .map((operation) => operation.pid);
  return [...new Set(its)].filter(isAlive);
}

function busiest(watch: OperationWatch, pids: () => number[]): Promise<number> {
  return watch.until(() => {
    const runs = (pid: number) => watch.underWay(pid).length;
    const [most] = pids().sort((a, b) => runs(b) - runs(a));
    return most !== undefined && runs(most) > 0 ? most : undefined;
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilWorkers(database: Database, before: readonly string[], count: number): Promise<void> {
  const fresh = async () => (await workerIds(database)).filter((id) => !before.includes(id));
  while ((await fresh()).length < count) await delay(LOOK_EVERY_MS);
}

async function workerIds(database: Database): Promise<string[]> {
  return (await listWorkers(database)).map((worker) => worker.id);
}

async function untilNothingIsOpen(database: Database, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      if ((await countOpen(database)) === 0) return;
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
    }
    await delay(LOOK_EVERY_MS);
  }
}
