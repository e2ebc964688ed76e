// Workers: the processes that run tasks, and what each runs now.

import { z } from "zod";
import { type OutputOf, question } from "./operation.ts";
import { pageOf } from "./page.ts";

const run = z.strictObject({
  run_id: z.uuid(),
  namespace: z.string(),
  processor: z.string(),
  partition: z.string(),
  attempt: z.int(),
  claimed_at: z.iso.datetime(),
  running_ms: z.int(),
});

export const worker = z.strictObject({
  id: z.uuid(),
  namespace: z.string().describe("whose tasks it runs"),
  host: z.string(),
  pid: z.int(),
  code_version: z.string(),
  concurrency: z.int(),
  started_at: z.iso.datetime(),
  lease_expires_at: z.iso.datetime().nullable().describe("null when the lease was taken away"),
  lease_expired: z.boolean(),
  memory_bytes: z.int().nullable().describe("resident memory; the vitals are null until its first report"),
  loop_delay_ms: z.number().nullable().describe("the longest that its event loop was blocked lately"),
  pool_connections: z.int().nullable().describe("open connections of its pools"),
  pool_waiting: z.int().nullable().describe("queries that wait for a connection"),
  vitals_at: z.iso.datetime().nullable(),
  runs: z.array(run).describe("the oldest first"),
});

export const listWorkers = question({
  name: "workers.list",
  summary: "List the processes that run tasks, with their leases and what they run.",
  path: "/v1/workers",
  input: z.strictObject({}),
  output: pageOf(worker),
});

export type Worker = OutputOf<typeof listWorkers>["items"][number];
