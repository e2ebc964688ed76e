// What every run of a process shares: the store, the sources, the journal, the places for files.

import type { Environment, Registry } from "../../define/registry.ts";
import type { Database } from "../../store/database.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Breakers } from "../breaker/breakers.ts";
import type { RetryStorms } from "../breaker/retry-storms.ts";
import type { Archive } from "../source/archive.ts";
import type { SourceClients } from "../source/clients.ts";
import type { ArtifactStore } from "./artifacts.ts";
import type { Journal } from "./journal.ts";
import type { Parents } from "./parents.ts";
import type { Timeouts } from "./timeouts.ts";
import type { UsageMeter } from "./usage-meter.ts";

export interface RunServices {
  /** Where the process plans, claims and settles. */
  namespace: string;
  registry: Registry;
  database: Database;
  /** By which handlers read datasets: however much they read, claims and settlements have their connections. */
  reads: Database;
  sources: SourceClients;
  journal: Journal;
  archive: Archive;
  artifacts: ArtifactStore;
  parents: Parents;
  timeouts: Timeouts;
  breakers: Breakers;
  storms: RetryStorms;
  usage: UsageMeter;
  environment: Environment;
  codeVersion: string;
  log: Log;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
}
