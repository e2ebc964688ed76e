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
  ...queriesOf("workers", (name) => !name.startsWith("list")),
  ...queriesOf("schedules", (name) => name === "askDueRequests"),
  ...queriesOf("tasks_by_hand", (name) => /xpire/.test(name)),
];

/** A scan is bounded by one of these: by what names a row, or an end of a range. A namespace or a queue alone is no bound. */
const BOUNDS: Readonly<Record<string, RegExp>> = {
  tasks: /\b(id|output_id|due_at|expires_at|waits_for|lane|worker_id)\b/,
  outputs: /\b(id|partition)\b/,
  edges: /\b(downstream_id|upstream_id)\b/,
  partitions: /\b(key|parent|discovered_by)\b/,
  runs: /\b(id|output_id)\b/,
};
/** What runs, and what must run alone: few, however much waits. */
const SMALL_INDEXES = new Set(["tasks_running", "tasks_ready_alone"]);

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

test("a plan that reads a whole table would be seen", async () => {
  await using db = await createTestDatabase();
  const text = "select id from headworks.tasks where attempts_used = $1";
  const query = { name: "every", text, params: ["int4"] } as unknown as Query;
  const scans = await asRunner(db, (connection) => scansOfWholeTables(connection, query));
  expect(scans).toEqual(["every: Seq Scan on tasks"]);
});

async function scansOfWork(serverUrl: string): Promise<string[]> {
  await using db = await createTestDatabase(serverUrl);
  await db.database.query("vacuum analyze");
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
  return nodesOf(top?.Plan)
    .filter(readsAllOfIt)
    .map((node) => `${name}: ${node["Node Type"]} on ${node["Relation Name"]}`);
}

function nodesOf(plan: Plan | undefined): Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function readsAllOfIt(node: Plan): boolean {
  // The weeks of the runs are tables of their own.
  const table = node["Relation Name"]?.replace(/^runs_.*$/, "runs");
  const bound = BOUNDS[table ?? ""];
  if (bound === undefined || !/Scan$/.test(node["Node Type"])) return false;
  return !bound.test(node["Index Cond"] ?? "") && !SMALL_INDEXES.has(node["Index Name"] ?? "");
}
