// Everything a second time: by force against the same source, and one day from the archive with the source gone.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestTask } from "../../headworks/src/store/queue/tasks.ts";
import { createTestDatabase, type TestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";

const LAST_DAY = "2025-10-31";
const DAY = "2025-10-24";

let db: TestDatabase;
let dataDir: string;
let port: number;

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "headworks-again-"));
  port = await freePort();
  await runDemo();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

test("run again by force, everything gives the rows that are there: none inserted, updated or removed", async () => {
  const outputs = await idsOf("select id from headworks.outputs");
  const before = await rowsOf("select id from headworks.runs");
  await request(outputs, { forced: true, fromArchive: false });
  await runDemo();
  const again = await rowsOf(
    `select processor, partition, outcome, reason, rows_inserted + rows_updated + rows_removed as changed
     from headworks.runs where id <> all ($1::uuid[])`,
    [before.map((row) => row.id)],
  );
  expect(again).toHaveLength(outputs.length);
  expect(again.filter((run) => run.changed !== 0)).toEqual([]);
  expect(again.filter((run) => !["success", "no_data_available"].includes(String(run.outcome)))).toEqual([]);
});

test("run again from the archive, a day gives the same rows without a request", async () => {
  const outputs = await idsOf(
    `select id from headworks.outputs where partition = '${DAY}'
       or partition in (select game_id from prod.games where date = '${DAY}')`,
  );
  const requests = await rowsOf("select count(*) as n from headworks.raw_documents");
  await request(outputs, { forced: true, fromArchive: true });
  // Whoever asked the source now would be refused at every request, and tell so.
  const demo = await runDemo(["--fault", `outage:${DAY},requests=1000000`]);
  expect(demo.output()).not.toContain("spoiled");
  const again = await rowsOf(
    `select r.processor, r.outcome, r.requests, r.rows_inserted + r.rows_updated + r.rows_removed as changed, r.rows_unchanged
     from headworks.outputs o join headworks.runs r on r.id = o.run_id where o.id = any ($1)`,
    [outputs],
  );
  expect(again).toHaveLength(outputs.length);
  expect(again.filter((run) => run.requests !== 0 || run.changed !== 0)).toEqual([]);
  expect(again.some((run) => run.processor === "box_scores" && Number(run.rows_unchanged) > 0)).toBe(true);
  expect(await rowsOf("select count(*) as n from headworks.raw_documents")).toEqual(requests);
});

/** The same source at the same address each time: the archive knows responses by their URL. `slow:1` spoils nothing. */
async function runDemo(faults: readonly string[] = ["--fault", "slow:1"]) {
  const args = ["--port", String(port), "--last-day", LAST_DAY, ...faults];
  const demo = startDemo({ dataDir, databaseUrl: db.url, args });
  expect(await demo.ended, demo.output()).toBe(0);
  return demo;
}

async function request(
  outputs: readonly number[],
  how: { forced: boolean; fromArchive: boolean },
): Promise<void> {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (const outputId of outputs) await requestTask(db.database, { outputId, ...how, traceparent });
}

async function idsOf(sql: string): Promise<number[]> {
  return (await rowsOf(sql)).map((row) => Number(row.id));
}

async function rowsOf(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await db.database.query(sql, values)).rows;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
