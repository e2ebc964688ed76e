// source(), secret(): an upstream host, what it allows, and how to sign in to it.

import type { Duration } from "../domain/duration.ts";
import type { BreakerOptions } from "./breaker.ts";

/** A value that comes from the environment and never appears in a log, a row or an error. */
export interface Secret {
  kind: "secret";
  name: string;
}

const secrets: Secret[] = [];

/** Every secret named in this process so far, so that none is unset at start or shown in a log. */
export function declaredSecrets(): readonly Secret[] {
  return secrets;
}

/** Names an environment variable that holds a secret. An unset one is an error at start. */
export function secret(name: string): Secret {
  const made: Secret = { kind: "secret", name };
  secrets.push(made);
  return made;
}

/** How requests to a source are signed. */
export type Authentication =
  | { kind: "bearer"; token: Secret }
  | { kind: "header"; header: string; value: Secret }
  | { kind: "basic"; user: string; password: Secret };

/** `Authorization: Bearer …` */
export const bearer = (token: Secret): Authentication => ({ kind: "bearer", token });
/** A header of its own, such as `X-Api-Key`. */
export const headerKey = (header: string, value: Secret): Authentication => ({
  kind: "header",
  header,
  value,
});
/** HTTP Basic. */
export const basic = (user: string, password: Secret): Authentication => ({ kind: "basic", user, password });

export interface SourceOptions {
  /** The origin and path that request paths are resolved against. */
  baseUrl: string;
  auth?: Authentication;
  /** Requests per second over all processes and machines. Unlimited when left out. */
  maxRequestsPerSecond?: number;
  /** Requests that may go out at once after a pause. Default 1, so that the rate is even. */
  maxBurstSize?: number;
  /** A hard allowance per UTC hour or day; runs that would exceed it wait for the next one. */
  quota?: { requests: number; per: "hour" | "day" };
  /** Leaves the host alone for a while after failures: runs wait meanwhile, and one request at a time finds out. Off when left out. */
  breaker?: BreakerOptions;
  /** Connections to the host per process. Default 10. */
  maxConnections?: number;
  /** For one try of one request, to the last byte. Default 30s. */
  timeout?: Duration;
  /** Further tries of an idempotent request that failed to connect, timed out, or got 408, 429, 500, 502, 503 or 504. Default 2. */
  maxRetries?: number;
  /** The longest Retry-After that is waited out within the run; a longer one ends the run, which is tried again then. Default 30s. */
  maxRetryAfter?: Duration;
  /** The largest response body that is read, in bytes. Default 64 MiB. */
  maxResponseBytes?: number;
  /** Sent with every request. */
  headers?: Record<string, string>;
}

/** An upstream host. Made with {@link source}. */
export interface Source extends SourceOptions {
  kind: "source";
  name: string;
}

const declared: Source[] = [];

/** Declares an upstream host; processors reach it with `ctx.http(source)`. */
export function source(name: string, options: SourceOptions): Source {
  const made: Source = { kind: "source", name, ...options };
  declared.push(made);
  return made;
}

/**
 * Every source declared in this process so far. Processors don't list the sources they use, so this is how
 * loading a configuration can check them all (an unset secret, a bad duration) before anything runs.
 */
export function declaredSources(): readonly Source[] {
  return declared;
}
