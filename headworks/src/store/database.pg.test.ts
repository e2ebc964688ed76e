// Tests of connections that only seem to be there: behind a network that has forgotten them, or a server that hangs.

import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { openProxy } from "../testing/proxy.ts";
import { isConnectionLoss, openDatabase, transaction } from "./database.ts";
import { listWorkers } from "./queue/workers.ts";

// Beyond it, an answer is waited for five seconds more.
const IMPATIENT = { role: "tests", statementTimeoutMs: 200 };

test("an answer that doesn't come is waited for no longer than a statement may take; the next is asked on a new connection", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  const database = openDatabase({ url: proxy.url, ...IMPATIENT, maxConnections: 1 });
  await listWorkers(database);
  proxy.fallSilent();

  const error = await listWorkers(database).catch((thrown: unknown) => thrown);

  expect(isConnectionLoss(error)).toBe(true);
  expect(await listWorkers(database)).toEqual([]);
  await database.end();
});

test("so it is within a transaction, which takes no more time to be given up", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  const database = openDatabase({ url: proxy.url, ...IMPATIENT, maxConnections: 1 });
  const attempt = transaction(database, async (connection) => {
    await listWorkers(connection);
    proxy.fallSilent();
    return listWorkers(connection);
  });

  const error = await attempt.catch((thrown: unknown) => thrown);

  expect(isConnectionLoss(error)).toBe(true);
  expect(database.totalCount).toBe(0);
  expect(await transaction(database, (connection) => listWorkers(connection))).toEqual([]);
  await database.end();
});

test("the server ends a statement that takes too long, and one that waits too long for a lock", async () => {
  await using db = await createTestDatabase();
  const database = openDatabase({ url: db.url, ...IMPATIENT });
  await expect(database.query("select pg_sleep(60)")).rejects.toMatchObject({ code: "57014" });
  const limits =
    "select name, setting from pg_settings where name like '%timeout' and setting <> '0' order by name";
  const inForce = (await db.database.query<{ name: string; setting: string }>(limits)).rows;
  expect(Object.fromEntries(inForce.map(({ name, setting }) => [name, setting]))).toMatchObject({
    idle_in_transaction_session_timeout: "60000",
    lock_timeout: "20000",
    statement_timeout: "60000",
  });
  await database.end();
});

test("the engine's plans go by key, those of handlers and commands as the server says", async () => {
  await using db = await createTestDatabase();
  const seen = await Promise.all(
    ["runner", "supervisor", "reader", "cli"].map(async (role) => {
      const database = openDatabase({ url: db.url, role });
      const { rows } = await database.query(
        "select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans, current_setting('jit') as jit",
      );
      await database.end();
      return [role, rows[0].plans, rows[0].scans, rows[0].jit];
    }),
  );
  expect(seen).toEqual([
    ["runner", "force_generic_plan", "off", "off"],
    ["supervisor", "force_generic_plan", "off", "off"],
    ["reader", "auto", "on", expect.any(String)],
    ["cli", "auto", "on", expect.any(String)],
  ]);
});

test("pools are as large as their role needs, and the server sees the role", async () => {
  await using db = await createTestDatabase();
  const seen = await Promise.all(
    ["cli", "supervisor", "runner", "reader"].map(async (role) => {
      const database = openDatabase({ url: db.url, role });
      const { rows } = await database.query("select current_setting('application_name') as name");
      await database.end();
      return [rows[0].name, database.options.max];
    }),
  );
  expect(seen).toEqual([
    ["headworks cli", 4],
    ["headworks supervisor", 4],
    ["headworks runner", 6],
    ["headworks reader", 3],
  ]);
});
