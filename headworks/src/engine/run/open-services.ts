// Opens what the runs of a process share, and closes it again.

import { join, resolve } from "node:path";
import type { Environment, Registry } from "../../define/registry.ts";
import { declaredSecrets } from "../../define/source.ts";
import { openDatabase } from "../../store/database.ts";
import { type LogOptions, openLog } from "../../telemetry/log.ts";
import { createRedactor } from "../../telemetry/redact.ts";
import { Breakers } from "../breaker/breakers.ts";
import { RetryStorms } from "../breaker/retry-storms.ts";
import { openArchive } from "../source/archive.ts";
import { openSourceClients } from "../source/clients.ts";
import { openArtifactStore } from "./artifacts.ts";
import { openJournal } from "./journal.ts";
import { Parents } from "./parents.ts";
import type { RunServices } from "./services.ts";
import { Timeouts } from "./timeouts.ts";
import { UsageMeter } from "./usage-meter.ts";

export interface ServiceOptions {
  namespace: string;
  registry: Registry;
  databaseUrl: string;
  /** Where the archive and the artifacts are kept. */
  dataDir: string;
  codeVersion: string;
  environment: Environment;
  log: Omit<LogOptions, "redact">;
  /** What the process does with its connections. Default `runner`. */
  role?: "runner" | "supervisor";
  /** Connections of the pool. Default: by the role. */
  maxConnections?: number;
}

/** Opens the services of one process. */
export function openServices(options: ServiceOptions): RunServices & { close(): Promise<void> } {
  const { namespace, registry, environment, codeVersion, databaseUrl } = options;
  const dataDir = resolve(options.dataDir);
  const redact = createRedactor([...secretValues(environment), passwordOf(databaseUrl)]);
  const log = openLog({ ...options.log, redact });
  const database = openDatabase({
    url: databaseUrl,
    role: options.role ?? "runner",
    ...(options.maxConnections !== undefined && { maxConnections: options.maxConnections }),
  });
  const reads = openDatabase({ url: databaseUrl, role: "reader" });
  const archive = openArchive(join(dataDir, "archive"));
  const breakers = new Breakers(database, namespace);
  const storms = new RetryStorms(database, namespace, log);
  const sources = openSourceClients({ database, archive, environment, breakers, storms });
  const journal = openJournal({ database, log, redact });
  return {
    namespace,
    registry,
    database,
    reads,
    sources,
    journal,
    archive,
    artifacts: openArtifactStore(join(dataDir, "artifacts")),
    breakers,
    storms,
    usage: new UsageMeter(),
    parents: new Parents(database),
    timeouts: new Timeouts(database, namespace, registry, log),
    environment,
    codeVersion,
    log,
    redact,
    async close() {
      await journal.close();
      await sources.close();
      await Promise.all([database.end(), reads.end()]);
    },
  };
}

function secretValues(environment: Environment): string[] {
  return declaredSecrets().flatMap((secret) => environment[secret.name] ?? []);
}

function passwordOf(url: string): string {
  if (!URL.canParse(url)) return "";
  const { password } = new URL(url);
  // A stray % is no escape: the password is then used as it stands.
  return /%(?![0-9a-f]{2})/i.test(password) ? password : decodeURIComponent(password);
}
