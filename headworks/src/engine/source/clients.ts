// The sources of a process: one connection pool and one set of limits per source, whatever the number of runs.

import { readFileSync } from "node:fs";
import type { SourceClient } from "../../define/context.ts";
import type { Environment } from "../../define/registry.ts";
import type { Source } from "../../define/source.ts";
import type { BackoffSettings } from "../../domain/settlement/backoff.ts";
import type { Database } from "../../store/database.ts";
import type { Breakers } from "../breaker/breakers.ts";
import type { RetryStorms } from "../breaker/retry-storms.ts";
import type { Archive } from "./archive.ts";
import { openSourceClient } from "./client.ts";
import { openConnection, type SourceConnection } from "./connection.ts";
import type { RunAccess } from "./run-access.ts";

export interface SourceClients {
  /** What `ctx.http` is for one run. */
  forRun(access: RunAccess): (source: Source) => SourceClient;
  /** Closes all connections; a request in flight fails. */
  close(): Promise<void>;
}

export interface SourceClientsOptions {
  database: Database;
  archive: Archive;
  /** Where the secrets of sources are looked up. */
  environment: Environment;
  breakers: Breakers;
  storms: RetryStorms;
  /** Between the tries of one request. Default: half a second, doubling up to ten. */
  backoff?: BackoffSettings;
}

const BACKOFF: BackoffSettings = { minBackoffMs: 500, maxBackoffMs: 10_000, maxDoublings: 5 };

/** Opens nothing until a run asks for a source; that throws SECRET_UNSET. */
export function openSourceClients(options: SourceClientsOptions): SourceClients {
  const connections = new Map<string, SourceConnection>();
  const settings = { backoff: BACKOFF, ...options, userAgent: `headworks/${version()}` };

  function connectionTo(source: Source): SourceConnection {
    const known = connections.get(source.name);
    if (known !== undefined) return known;
    const opened = openConnection(source, settings);
    connections.set(source.name, opened);
    return opened;
  }

  return {
    forRun: (access) => (source) => openSourceClient(connectionTo(source), access),
    async close() {
      const dispatchers = [...connections.values()].map((connection) => connection.dispatcher);
      connections.clear();
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
