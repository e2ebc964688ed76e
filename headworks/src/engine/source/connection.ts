// Everything that a process shares between its runs to reach one source: connections, limits, identity, settings.

import { Agent, type Dispatcher } from "undici";
import { breakerSettings } from "../../define/breaker.ts";
import type { Environment } from "../../define/registry.ts";
import type { Source } from "../../define/source.ts";
import { type Duration, findDurationMs } from "../../domain/duration.ts";
import type { BackoffSettings } from "../../domain/settlement/backoff.ts";
import type { Database } from "../../store/database.ts";
import type { Breakers } from "../breaker/breakers.ts";
import type { RetryStorms } from "../breaker/retry-storms.ts";
import type { Archive } from "./archive.ts";
import type { ExchangeLimits } from "./exchange.ts";
import { type Gate, openGate } from "./gate.ts";
import { type Identity, identityOf } from "./identity.ts";
import type { RetryPolicy } from "./retry.ts";

export interface SourceConnection {
  source: Source;
  identity: Identity;
  userAgent: string;
  dispatcher: Dispatcher;
  gate: Gate;
  limits: ExchangeLimits;
  retries: RetryPolicy;
  database: Database;
  archive: Archive;
  storms: RetryStorms;
}

export interface ConnectionOptions {
  database: Database;
  archive: Archive;
  environment: Environment;
  userAgent: string;
  backoff: BackoffSettings;
  breakers: Breakers;
  storms: RetryStorms;
}

const DEFAULTS = {
  maxConnections: 10,
  timeout: "30s",
  maxRetries: 2,
  maxRetryAfter: "30s",
  maxResponseBytes: 64 * 1024 * 1024,
} as const;

/** For telling the result of a probe, in milliseconds. */
const PROBE_SLACK_MS = 10_000;

/** Nothing is connected until the first request. Throws SECRET_UNSET. */
export function openConnection(source: Source, options: ConnectionOptions): SourceConnection {
  const maxConnections = source.maxConnections ?? DEFAULTS.maxConnections;
  const maxBytes = source.maxResponseBytes ?? DEFAULTS.maxResponseBytes;
  const timeoutMs = milliseconds(source.timeout ?? DEFAULTS.timeout);
  // A probe may wait for its turn as long as it may take then.
  const breaker =
    source.breaker &&
    options.breakers.of(
      { kind: "source", name: source.name },
      breakerSettings(source.breaker),
      2 * timeoutMs + PROBE_SLACK_MS,
    );
  return {
    source,
    identity: identityOf(source, options.environment),
    userAgent: options.userAgent,
    dispatcher: new Agent({ connections: maxConnections, maxResponseSize: maxBytes }),
    gate: openGate(source, maxConnections, options.database, breaker),
    limits: { timeoutMs, maxBytes },
    retries: {
      maxRetries: source.maxRetries ?? DEFAULTS.maxRetries,
      maxRetryAfterMs: milliseconds(source.maxRetryAfter ?? DEFAULTS.maxRetryAfter),
      backoff: options.backoff,
      random: Math.random,
    },
    database: options.database,
    archive: options.archive,
    storms: options.storms,
  };
}

/** The configuration was checked when it was loaded. */
function milliseconds(duration: Duration): number {
  const ms = findDurationMs(duration);
  if (ms === undefined) throw new RangeError(`"${duration}" is not a duration`);
  return ms;
}
