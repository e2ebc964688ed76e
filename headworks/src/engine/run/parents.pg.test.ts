// Tests of where discovered partitions lie: asked for together, and found by key, however many there are.

import { expect, test, vi } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { countReads } from "../../testing/database-activity.ts";
import { Parents } from "./parents.ts";

const MEMBERS = 20_000;

async function openSet() {
  const db = await createTestDatabase();
  await db.database.query(
    `insert into headworks.partitions (namespace, set_name, key, parent, discovered_by)
     select 'prod', 'games', 'game-' || n, 'day-' || n % 100, 1 from generate_series(1, $1::int4) n`,
    [MEMBERS],
  );
  return db;
}

const game = (key: string) => ({ namespace: "prod", set: "games", key });

test("members that are asked for together are looked up in one query, each with its own answer", async () => {
  await using db = await openSet();
  const asked = vi.spyOn(db.database, "query");
  const parents = new Parents(db.database);

  const found = ["game-7", "nobody", "game-107", "game-99"].map((key) => parents.find(game(key)));
  expect(await Promise.all(found)).toEqual(["day-7", undefined, "day-7", "day-99"]);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(await parents.find(game("game-200"))).toBe("day-0");
  expect(asked).toHaveBeenCalledTimes(2);
});

test("a look for one member reads one row of the index, though the table has no statistics yet", async () => {
  await using db = await openSet();
  const { database } = db;
  const parents = new Parents(database);
  const read = await countReads(database, "partitions");
  for (let n = 1; n <= 10; n++) expect(await parents.find(game(`game-${n}`))).toBe(`day-${n}`);
  expect(await read("partitions")).toBe(10);
});

test("who asks when the database refuses is told so, each of them", async () => {
  await using db = await openSet();
  const parents = new Parents(db.database);
  await db.database.query("alter table headworks.partitions rename to hidden");

  const found = await Promise.allSettled(["game-1", "game-2"].map((key) => parents.find(game(key))));
  expect(found).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  await db.database.query("alter table headworks.hidden rename to partitions");
  expect(await parents.find(game("game-1"))).toBe("day-1");
});
