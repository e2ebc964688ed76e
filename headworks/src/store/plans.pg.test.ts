// Tests that no plan of the engine reads a whole table of tasks or of the ledger, even one that was made while they were
// empty: it is kept, and used when they are full.

import { describe, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { findOldestPrograms, startTestServer } from "../testing/server.ts";
import { type Connection, OLDEST_POSTGRES, openDatabase, transaction } from "./database.ts";
import { type Query, readQueries } from "./sql.ts";

/** What the engine asks while it works. What is left out is asked by people, or once for a registration. */
const WORK: readonly Query[] = [
  ...queriesOf("tasks", (name) => name !== "requestTask"),
  ...queriesOf("lanes", (name) => ["lockQueueOfLanes", "readLanes", "claimFromLanes"].includes(name)),
  ...queriesOf("settlement"),
  ...queriesOf("release"),
  ...queriesOf("planning", (name) => !["listMembers", "deleteEdgesOf"].includes(name)),
  ...queriesOf("logs", (name) => name.startsWith("insert")),
  ...["breakers", "payloads", "retry_storms", "run_times", "sources"].flatMap((aggregate) =>
    queriesOf(aggregate),
  ),
  ...queriesOf("workers", (name) => !name.startsWith("list")),
  ...queriesOf("schedules", (name) => ["insertRequests", "askDueRequests"].includes(name)),
  ...queriesOf("tasks_by_hand", (name) => /xpire/.test(name)),
  ...queriesOf("redrives"),
  ...queriesOf("failures", (name) => ["listFailedTasks", "retryFailedTasks"].includes(name)),
  ...queriesOf("retention", (name) => name.startsWith("delete")),
  ...queriesOf("file_retention", (name) => !name.startsWith("count")),
];

/** What has no rows in a lull, and is vacuumed then. The others are young: nothing is known of them. */
const EMPTIED = [
  "tasks",
  "workers",
  "staged_rows",
  "schedule_requests",
  "redrives",
  "archive_garbage",
  "dedupe_keys",
];

/** A scan is bounded by one of these: by what names a row, or an end of a range. A namespace or a queue alone is no bound. */
const BOUNDS: Readonly<Record<string, RegExp>> = {
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

describe("whatever the engine asks is looked up by index, also by a plan that was made while the tables were empty", () => {
  test("on the embedded PostgreSQL", async () => {
    expect(await scansOfWork(inject("postgresUrl"))).toEqual([]);
  });

  const oldest = findOldestPrograms();
  test.runIf(oldest !== undefined)(`on PostgreSQL ${OLDEST_POSTGRES}`, async () => {
    const server = await startTestServer(oldest);
    try {
      expect(await scansOfWork(server.url)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

test.each([
  ["a whole table", "select id from headworks.tasks where attempts_used = $1", "every: Seq Scan on tasks"],
  [
    "a whole index",
    "select from headworks.edges where upstream_id > $1 and accepts_degraded order by downstream_id",
    "every: Index Scan on edges",
  ],
])("a plan that reads %s would be seen", async (_, text, found) => {
  await using db = await createTestDatabase();
  const query = { name: "every", text, params: ["int4"] } as unknown as Query;
  expect(await asRunner(db, (connection) => scansOfWholeTables(connection, query))).toEqual([found]);
});

async function scansOfWork(serverUrl: string): Promise<string[]> {
  await using db = await createTestDatabase(serverUrl);
  await db.database.query(`vacuum analyze ${EMPTIED.map((table) => `headworks.${table}`).join(", ")}`);
  return await asRunner(db, async (connection) => {
    const found: string[] = [];
    for (const query of WORK) found.push(...(await scansOfWholeTables(connection, query)));
    return found;
  });
}

function queriesOf(aggregate: string, isAsked: (name: string) => boolean = () => true): Query[] {
  return [...readQueries(aggregate).values()].filter((query) => isAsked(query.name));
}

/** On one connection as runners have it, in a transaction. */
async function asRunner<T>(db: TestDatabase, work: (connection: Connection) => Promise<T>): Promise<T> {
  const runner = openDatabase({ url: db.url, role: "runner", maxConnections: 1 });
  try {
    return await transaction(runner, work);
  } finally {
    await runner.end();
  }
}

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: Plan[];
}

async function scansOfWholeTables(connection: Connection, { name, text, params }: Query): Promise<string[]> {
  const types = params.map((type) => type.replace(/^_(.*)$/, "$1[]")).join(", ");
  const given = params.map(() => "null").join(", ");
  await connection.query(`prepare asked${types && ` (${types})`} as ${text}`);
  const explained = await connection.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `explain (format json) execute asked${given && ` (${given})`}`,
  );
  await connection.query("deallocate asked");
  const [top] = explained.rows[0]?.["QUERY PLAN"] ?? [];
  const indexes = await indexesByName(connection);
  return nodesOf(top?.Plan)
    .filter((node) => readsAllOfIt(node, indexes))
    .map((node) => `${name}: ${node["Node Type"]} on ${node["Relation Name"]}`);
}

interface Index {
  table: string;
  /** What it is sorted by first: a condition that leaves that out goes through the whole index. */
  first: string;
}

async function indexesByName(connection: Connection): Promise<Map<string, Index>> {
  const { rows } = await connection.query<Index & { name: string }>(
    `select c.relname as name, t.relname as table, a.attname as first from pg_index i
     join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
     join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
     where t.relnamespace = 'headworks'::regnamespace`,
  );
  return new Map(rows.map((row) => [row.name, row]));
}

function nodesOf(plan: Plan | undefined): Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function readsAllOfIt(node: Plan, indexes: ReadonlyMap<string, Index>): boolean {
  // What a bitmap heap scan reads is what its index scans found.
  if (!/Scan$/.test(node["Node Type"]) || node["Node Type"] === "Bitmap Heap Scan") return false;
  const index = indexes.get(node["Index Name"] ?? "");
  // The weeks of the runs are tables of their own.
  const table = (node["Relation Name"] ?? index?.table)?.replace(/^runs_.*$/, "runs");
  const bound = BOUNDS[table ?? ""];
  if (bound === undefined || SMALL_INDEXES.has(node["Index Name"] ?? "")) return false;
  const condition = node["Index Cond"] ?? "";
  return index === undefined || !bound.test(condition) || !condition.includes(index.first);
}
