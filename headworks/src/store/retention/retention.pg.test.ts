// Tests of weekly partitions: rows come to rest in theirs, old weeks go whole, and nothing young goes with them.

import { expect, test } from "vitest";
import { DEFAULT_RETENTION, weekOf } from "../../domain/retention.ts";
import { createTestDatabase } from "../../testing/database.ts";
import type { Database } from "../database.ts";
import { insertLogLines } from "../history/logs.ts";
import { previewPruning, pruneSmall, pruneTable } from "./retention.ts";

const DAY_MS = 86_400_000;
const RUN = "019b0000-0000-7000-8000-000000000001";

async function logAt(database: Database, seq: number, daysAgo: number): Promise<void> {
  const at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  await insertLogLines(database, [
    { run: RUN, seq, at, severity: "INFO", message: `${daysAgo}`, fields: null },
  ]);
}

async function listPlaces(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ text: string }>(
    "select (select relname from pg_class c where c.oid = run_logs.tableoid) || ' ' || message as text from headworks.run_logs order by seq",
  );
  return rows.map((row) => row.text);
}

const weekName = (daysAgo: number) =>
  `run_logs_${new Date(weekOf(Date.now() - daysAgo * DAY_MS)).toISOString().slice(0, 10).replaceAll("-", "")}`;

async function makeWeek(database: Database, daysAgo: number): Promise<void> {
  const week = new Date(weekOf(Date.now() - daysAgo * DAY_MS));
  await database.query("select headworks.make_week('run_logs', $1::date)", [week.toISOString().slice(0, 10)]);
}

test("a week older than its age is dropped whole, a younger one stays", async () => {
  await using db = await createTestDatabase();
  await makeWeek(db.database, 50);
  await makeWeek(db.database, 20);
  for (const [seq, daysAgo] of [50, 20, 0].entries()) await logAt(db.database, seq + 1, daysAgo);

  const pruned = await pruneTable({ database: db.database }, "run_logs", 30 * DAY_MS);

  expect(pruned).toMatchObject({ partitions: [weekName(50)], rows: 0 });
  expect(pruned.bytes).toBeGreaterThan(0);
  expect(await listPlaces(db.database)).toEqual([`${weekName(20)} 20`, `${weekName(0)} 0`]);
});

test("a row of a clock that is off is kept by default; it moves when its week is made, and is deleted when it is old", async () => {
  await using db = await createTestDatabase();
  await logAt(db.database, 1, 400);
  await logAt(db.database, 2, -200);
  await db.database.query("select headworks.drop_week('run_logs', $1)", [weekName(0)]);
  await logAt(db.database, 3, 0);
  const stray = "run_logs_default";
  expect(await listPlaces(db.database)).toEqual([`${stray} 400`, `${stray} -200`, `${stray} 0`]);

  const pruned = await pruneTable({ database: db.database }, "run_logs", 30 * DAY_MS);

  expect(pruned).toMatchObject({ partitions: [], rows: 1 });
  expect(await listPlaces(db.database)).toEqual([`${stray} -200`, `${weekName(0)} 0`]);
});

test("of many processes that look at once each week is made once, and none fails", async () => {
  await using db = await createTestDatabase();
  const before = await countPartitions(db.database);
  await db.database.query("select headworks.drop_week('run_logs', $1)", [weekName(-14)]);

  await Promise.all(
    Array.from({ length: 6 }, () => pruneTable({ database: db.database }, "run_logs", 30 * DAY_MS)),
  );

  expect(await countPartitions(db.database)).toBe(before);
});

test("a week that somebody reads is left for the next look, and nobody is kept waiting", async () => {
  await using db = await createTestDatabase();
  await makeWeek(db.database, 50);
  const reader = await db.database.connect();
  await reader.query("begin");
  await reader.query("select * from headworks.run_logs");

  expect(await pruneTable({ database: db.database }, "run_logs", 30 * DAY_MS)).toMatchObject({
    partitions: [],
  });
  await reader.query("commit");
  reader.release();

  expect((await pruneTable({ database: db.database }, "run_logs", 30 * DAY_MS)).partitions).toHaveLength(1);
});

test("a line that is stored again, since the answer got lost, is there once", async () => {
  await using db = await createTestDatabase();
  const at = new Date().toISOString();
  const line = { run: RUN, seq: 1, at, severity: "INFO" as const, message: "x", fields: null };
  await insertLogLines(db.database, [line]);
  await insertLogLines(db.database, [line]);
  expect(await listPlaces(db.database)).toEqual([`${weekName(0)} x`]);
});

test("a failed task goes at the age of failures once its failure is resolved; one that is young, or still open, stays", async () => {
  await using db = await createTestDatabase();
  await db.database.query(`
    insert into headworks.failures (namespace, fingerprint, count, first_seen_at, last_seen_at, last_code_version, state, resolved_at) values
      ('prod', '0123456789abcdef', 2, now(), now(), 'v1', 'resolved', now()), ('prod', 'fedcba9876543210', 1, now(), now(), 'v1', 'open', null);
    insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, fingerprint, failed_at)
    values (1, 'prod', 'p', 'old', 'default', 1, 'failed', '0123456789abcdef', now() - interval '181 days'),
      (2, 'prod', 'p', 'young', 'default', 1, 'failed', '0123456789abcdef', now() - interval '179 days'),
      (3, 'prod', 'p', 'open', 'default', 1, 'failed', 'fedcba9876543210', now() - interval '500 days')`);
  const told = (await previewPruning(db.database, DEFAULT_RETENTION)).find(({ table }) => table === "tasks");
  expect(told).toMatchObject({ rows: 1 });

  expect(await pruneSmall({ database: db.database }, "tasks", DEFAULT_RETENTION.failuresMs)).toMatchObject({
    rows: 1,
  });

  const { rows } = await db.database.query("select partition from headworks.tasks order by 1");
  expect(rows).toEqual([{ partition: "open" }, { partition: "young" }]);
});

test("a failure goes once nothing has failed with it for long, and no task has it; a redrive, once it has long been over", async () => {
  await using db = await createTestDatabase();
  await db.database.query(`
    insert into headworks.failures (namespace, fingerprint, count, first_seen_at, last_seen_at, last_code_version) values
      ('prod', '0123456789abcdef', 1, now(), now() - interval '181 days', 'v1'),
      ('prod', '1123456789abcdef', 1, now(), now() - interval '179 days', 'v1'),
      ('prod', '2123456789abcdef', 1, now(), now() - interval '500 days', 'v1');
    insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, fingerprint)
    values (1, 'prod', 'p', 'a', 'default', 1, 'failed', '2123456789abcdef');
    insert into headworks.redrives (namespace, state, filter, newest_id, tasks, created_by, ended_at) values
      ('prod', 'done', '{}', 1, 1, 'x', now() - interval '731 days'),
      ('prod', 'cancelled', '{}', 2, 1, 'x', now() - interval '1 day'),
      ('prod', 'running', '{}', 3, 1, 'x', null)`);
  const told = await previewPruning(db.database, DEFAULT_RETENTION);
  const rowsOf = (table: string) => told.find((each) => each.table === table)?.rows;
  expect([rowsOf("failures"), rowsOf("redrives")]).toEqual([1, 1]);

  await pruneSmall({ database: db.database }, "failures", DEFAULT_RETENTION.failuresMs);
  await pruneSmall({ database: db.database }, "redrives", DEFAULT_RETENTION.auditMs);

  const left = await db.database.query(
    "select left(fingerprint, 1) as first from headworks.failures order by 1",
  );
  expect(left.rows).toEqual([{ first: "1" }, { first: "2" }]);
  const redrives = await db.database.query("select newest_id::int4 as id from headworks.redrives order by 1");
  expect(redrives.rows).toEqual([{ id: 2 }, { id: 3 }]);
});

async function countPartitions(database: Database): Promise<number> {
  const { rows } = await database.query<{ n: string }>(
    "select count(*) as n from pg_inherits where inhparent = 'headworks.run_logs'::regclass",
  );
  return Number(rows[0]?.n);
}
