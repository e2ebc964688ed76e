import { expect, test } from "vitest";
import { listMigrations } from "../store/migrate.ts";
import { createTestDatabase } from "./database.ts";

test("gives each caller a migrated database of its own", async () => {
  await using first = await createTestDatabase();
  await using second = await createTestDatabase();

  await first.database.query("create table prod.mine (id integer)");

  const found = await second.database.query(
    "select to_regclass('prod.mine') as mine, max(version) as version from headworks.migrations",
  );
  expect(found.rows).toEqual([{ mine: null, version: listMigrations().at(-1)?.version }]);
});

test("clones the template for many callers at once", async () => {
  const databases = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase()));

  const answers = await Promise.all(
    databases.map(({ database }) => database.query("select name from headworks.namespaces")),
  );
  await Promise.all(databases.map((each) => each[Symbol.asyncDispose]()));

  expect(answers.map(({ rows }) => rows)).toEqual(databases.map(() => [{ name: "prod" }]));
});

test("drops the database although a connection to it is open", async () => {
  const { database, url, ...disposable } = await createTestDatabase();
  const { openDatabase } = await import("../store/database.ts");
  const other = openDatabase({ url, role: "tests" });
  await other.query("select 1");

  await disposable[Symbol.asyncDispose]();

  await expect(other.query("select 1")).rejects.toThrow();
  expect(database.ended).toBe(true);
  await other.end();
});
