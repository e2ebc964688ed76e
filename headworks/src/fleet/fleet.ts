// A fleet: runner processes under a supervisor, with housekeeping and scheduled backups, on a database that is prepared.

import type { Environment, Registry } from "../define/registry.ts";
import { PROD } from "../domain/namespace.ts";
import { backupDuty } from "../engine/duties/backups.ts";
import { Supervisor } from "../engine/process/supervisor.ts";
import { openServices, type ServiceOptions } from "../engine/run/open-services.ts";
import type { Level, LogFormat } from "../telemetry/log.ts";
import { assemble } from "./assembly.ts";

export interface FleetOptions {
  /** The file that the runners load. */
  configuration: string;
  registry: Registry;
  codeVersion: string;
  databaseUrl: string;
  dataDir: string;
  environment: Environment;
  /** How the runners log. */
  log: { format: LogFormat; level: Level };
  /** How the supervisor logs. Default: as the runners do. */
  supervisorLog?: ServiceOptions["log"];
  /** Runner processes. */
  runners: number;
  /** Runs at once in each runner. */
  concurrency: number;
  /** Backups by the clock. Default: none. */
  backups?: { everyMs: number; keep: number; folder: string };
}

export interface Fleet {
  /** Resolves once what a crash left is taken up and the runners are on their way. */
  start(): Promise<void>;
  /** Rejects when no runner can start, since the configuration or the database won't do. */
  readonly failed: Promise<never>;
  /** How many runs are under way. */
  running(): number;
  /** Drains: what runs may end for `graceMs`, the rest is abandoned and uses no attempt. Then closes all it opened. */
  stop(graceMs: number): Promise<void>;
}

/** Opens the services of a supervisor. Nothing runs before it is started; it has to be stopped either way. */
export function openFleet(options: FleetOptions): Fleet {
  const { registry, codeVersion, databaseUrl, dataDir, environment, log, backups } = options;
  const services = openServices({
    role: "supervisor",
    namespace: PROD,
    registry,
    databaseUrl,
    dataDir,
    codeVersion,
    environment,
    log: options.supervisorLog ?? log,
  });
  const { database } = services;
  const ofBackups =
    backups === undefined ? [] : [backupDuty({ ...backups, database, dataDir, log: services.log })];
  const supervisor = new Supervisor({
    ...assemble(services, ofBackups),
    runners: options.runners,
    settings: {
      configuration: options.configuration,
      directory: process.cwd(),
      databaseUrl,
      dataDir,
      namespace: PROD,
      concurrency: options.concurrency,
      codeVersion,
      log,
    },
  });
  return {
    start: () => supervisor.start(),
    failed: supervisor.failed,
    running: () => supervisor.runners.reduce((total, runner) => total + runner.running, 0),
    async stop(graceMs) {
      await supervisor.stop(graceMs);
      await services.close();
    },
  };
}
