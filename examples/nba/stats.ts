// The source of everything: the statistics service, and how many requests and runs it is asked to bear.

import { bearer, queue, secret, source } from "headworks";
import { season } from "./season.ts";

export const stats = source("stats", {
  baseUrl: process.env.NBA_SOURCE_URL ?? "http://127.0.0.1:4610",
  auth: bearer(secret("NBA_SOURCE_KEY")),
  maxRequestsPerSecond: 400,
  maxBurstSize: 40,
  maxConnections: 10,
  timeout: "5s",
  maxRetries: 1,
});

/** Requests to the source are also bounded by how many runs may be at it. */
export const statsQueue = queue("stats", {
  maxConcurrentDispatches: 40,
  maxAttempts: 8,
  minBackoff: season.minBackoff,
  maxBackoff: "1m",
});
