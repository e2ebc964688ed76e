// Tests of migrations: applied once, whoever comes first, and refused to an older Headworks.

import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, inject, test } from "vitest";
import { urlOf } from "../testing/server.ts";
import { openDatabase } from "./database.ts";
import { listMigrations, listPendingMigrations, migrate } from "./migrate.ts";

const versions = listMigrations().map((migration) => migration.version);

async function createEmptyDatabase() {
  const admin = openDatabase({ url: inject("postgresUrl"), role: "tests", maxConnections: 1 });
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await admin.query(`create database ${name}`);
  const url = urlOf(inject("postgresUrl"), name);
  const database = openDatabase({ url, role: "tests" });
  return {
    url,
    database,
    async [Symbol.asyncDispose]() {
      await database.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

test("of several processes that migrate at once, one applies each migration and the others wait", async () => {
  await using db = await createEmptyDatabase();
  const children = Array.from({ length: 4 }, () =>
    fork(new URL("../testing/engine-migrate.fixture.ts", import.meta.url), [db.url], {
      execArgv: ["--conditions=headworks-source"],
    }),
  );
  await Promise.all(children.map((child) => once(child, "message")));

  const applied = children.map(async (child) => {
    const answer = once(child, "message");
    child.send("go");
    return (await answer)[0] as number[];
  });

  expect((await Promise.all(applied)).flat()).toEqual(versions);
  const recorded = await db.database.query("select version from headworks.migrations order by version");
  expect(recorded.rows.map((row) => row.version)).toEqual(versions);
});

test("what is applied is not pending, and migrating again does nothing", async () => {
  await using db = await createEmptyDatabase();
  expect((await listPendingMigrations(db.database)).map((each) => each.version)).toEqual(versions);

  await migrate(db.database);

  expect(await listPendingMigrations(db.database)).toEqual([]);
  expect(await migrate(db.database)).toEqual([]);
});

test("a database that a newer Headworks has migrated is left alone, with a word on what to do", async () => {
  await using db = await createEmptyDatabase();
  await migrate(db.database);
  await db.database.query(
    "insert into headworks.migrations (version, name, hash) values (9999, 'future', '')",
  );

  await expect(migrate(db.database)).rejects.toMatchObject({
    code: "DATABASE_NEWER",
    message: expect.stringContaining("9999"),
    hint: expect.stringContaining("upgrade"),
  });
});

test.each([
  [
    "whose first migration had another text",
    "update headworks.migrations set hash = 'other' where version = 1",
  ],
  [
    "of many migrations, before their texts were compared",
    "alter table headworks.migrations drop column hash; insert into headworks.migrations (version, name) values (31, 'unpublished_by_name')",
  ],
])("a database %s is left alone, with a word on what to do", async (_which, change) => {
  await using db = await createEmptyDatabase();
  await migrate(db.database);
  await db.database.query(change);
  const before = await db.database.query("select * from headworks.migrations order by version");

  await expect(migrate(db.database)).rejects.toMatchObject({
    code: "DATABASE_UNSUPPORTED",
    message: expect.stringContaining("migration 1 core"),
    hint: expect.stringContaining("new database"),
  });

  expect((await db.database.query("select * from headworks.migrations order by version")).rows).toEqual(
    before.rows,
  );
});

test("who must wait for another's migration waits longer than for other locks", async () => {
  await using db = await createEmptyDatabase();
  const other = await db.database.connect();
  await other.query("select pg_advisory_lock(4861379541)");
  const impatient = openDatabase({ url: db.url, role: "tests", maxConnections: 1 });
  await impatient.query("set lock_timeout = '50ms'");

  const migrated = migrate(impatient);
  // Until it has waited longer than it waits for other locks.
  const waiting = () =>
    db.database.query(
      "select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database() and query_start < now() - interval '100ms'",
    );
  await expect.poll(async () => (await waiting()).rows.length).toBe(1);
  await other.query("select pg_advisory_unlock(4861379541)");
  other.release();

  expect((await migrated).map((each) => each.version)).toEqual(versions);
  await impatient.end();
});
