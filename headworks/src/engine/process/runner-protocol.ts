// What a supervisor and its runner processes say to each other.

import type { Level, LogFormat } from "../../telemetry/log.ts";

/** Supervisor → runner. */
export type ToRunner = { kind: "ping" } | { kind: "stop"; graceMs: number } | { kind: "lease_lost" };

/** Runner → supervisor. */
export type ToSupervisor =
  | { kind: "registered"; worker: string }
  | { kind: "pong"; running: number }
  | { kind: "failed"; code: string; message: string; hint: string };

/** What a runner process is started with, as JSON in its environment. */
export interface RunnerSettings {
  configuration: string;
  directory: string;
  databaseUrl: string;
  dataDir: string;
  namespace: string;
  concurrency: number;
  codeVersion: string;
  log: { format: LogFormat; level: Level };
}

export const SETTINGS_VARIABLE = "HEADWORKS_RUNNER_SETTINGS";
