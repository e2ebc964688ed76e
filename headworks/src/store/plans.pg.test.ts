// Tests that no plan of the engine reads a whole table of tasks or of the ledger, even one that was made while they were
// empty or small: it is kept, and used when they are full.

import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { findOldestPrograms, startTestServer } from "../testing/server.ts";
import { type Database, OLDEST_POSTGRES } from "./database.ts";
import { type Asked, asRunner, type Bounds, scansOfWholeTables } from "./plan-scans.fixture.ts";
import { fillALittle, lull } from "./plans.fixture.ts";
import { readQueries } from "./sql.ts";

/** What the engine asks while it works. What is left out is asked by people, or once for a registration. */
const WORK: readonly Asked[] = [
  ...queriesOf("queue/tasks", (name) => name !== "requestTask"),
  ...queriesOf("queue/lanes", (name) => ["lockQueueOfLanes", "readLanes", "claimFromLanes"].includes(name)),
  ...queriesOf("ledger/settlement"),
  ...queriesOf("ledger/artifacts", (name) => name !== "listUnpublishable"),
  ...queriesOf("ledger/release"),
  ...queriesOf(
    "ledger/planning",
    (name) => !["listMembers", "deleteEdgesOf", "listSelectedProcessors"].includes(name),
  ),
  ...queriesOf("history/logs", (name) => name.startsWith("insert")),
  ...[
    "failure/breakers",
    "queue/payloads",
    "failure/retry-storms",
    "history/run-times",
    "history/sources",
  ].flatMap((aggregate) => queriesOf(aggregate)),
  ...queriesOf("queue/workers", (name) => !name.startsWith("list")),
  ...queriesOf("queue/schedules", (name) => ["insertRequests", "askDueRequests"].includes(name)),
  ...queriesOf("queue/tasks-by-hand", (name) => /xpire/.test(name)),
  ...queriesOf("failure/redrives"),
  ...queriesOf("failure/failures", (name) => ["listFailedTasks", "retryFailedTasks"].includes(name)),
  ...queriesOf("retention/retention", (name) => name.startsWith("delete")),
  ...queriesOf("retention/files", (name) => !name.startsWith("count")),
];

/** A namespace or a queue alone is no bound. */
const BOUNDS: Bounds = {
  tasks: /\b(id|output_id|due_at|expires_at|waits_for|lane|worker_id|fingerprint)\b/,
  outputs: /\b(id|partition)\b/,
  edges: /\b(downstream_id|upstream_id)\b/,
  partitions: /\b(key|parent|discovered_by)\b/,
  runs: /\b(id|output_id)\b/,
  artifacts: /\b(path|temporary_name)\b/,
  raw_documents: /\b(id|hash|request_hash|run_id)\b/,
};
/** What runs, what must run alone, files between two steps: few, however much there is. */
const SMALL_INDEXES = new Set([
  "tasks_running",
  "tasks_ready_alone",
  "artifacts_unpublished",
  "artifacts_expired",
]);

describe.each([
  ["empty", lull],
  ["small", fillALittle],
])(
  "whatever the engine asks is looked up by index, also by a plan that was made while the tables were %s",
  (_, prepare) => {
    test("on the embedded PostgreSQL", async () => {
      expect(await scansOfWork(inject("postgresUrl"), prepare)).toEqual([]);
    });

    const oldest = findOldestPrograms();
    test.runIf(oldest !== undefined)(`on PostgreSQL ${OLDEST_POSTGRES}`, async () => {
      const server = await startTestServer(oldest);
      try {
        expect(await scansOfWork(server.url, prepare)).toEqual([]);
      } finally {
        await server.stop();
      }
    });
  },
);

test.each([
  ["a whole table", "select id from headworks.tasks where attempts_used = $1", "every: Seq Scan on tasks"],
  [
    "a whole index",
    "select from headworks.edges where upstream_id > $1 and accepts_degraded order by downstream_id",
    "every: Index Scan on edges",
  ],
])("a plan that reads %s would be seen", async (_, text, found) => {
  await using db = await createTestDatabase();
  const query = { name: "every", text, params: ["int4"] };
  expect(
    await asRunner(db, (connection) => scansOfWholeTables(connection, query, BOUNDS, SMALL_INDEXES)),
  ).toEqual([found]);
});

async function scansOfWork(
  serverUrl: string,
  prepare: (database: Database) => Promise<void>,
): Promise<string[]> {
  await using db = await createTestDatabase(serverUrl);
  await prepare(db.database);
  return await asRunner(db, async (connection) => {
    const found: string[] = [];
    for (const query of WORK)
      found.push(...(await scansOfWholeTables(connection, query, BOUNDS, SMALL_INDEXES)));
    return found;
  });
}

function queriesOf(aggregate: string, isAsked: (name: string) => boolean = () => true): Asked[] {
  return readQueries(new URL(`./${aggregate}.sql`, import.meta.url))
    .filter((query) => isAsked(query.name))
    .map(({ name, text, params }) => ({ name, text, params: params.map(({ type }) => type) }));
}
