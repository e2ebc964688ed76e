// Tests of old rows of datasets: they go by a column of theirs, unless something that is still to run needs them.

import { expect, test } from "vitest";
import { z } from "zod";
import { agingDatasets } from "../../define/compile/dataset-retention.ts";
import { dataset } from "../../define/dataset.ts";
import { transaction } from "../database.ts";
import { countOldRowsOf, listAgingTables, pruneDataset } from "./age.ts";
import { apply, databaseWith, merge, tableRows } from "./dataset.fixture.ts";
import { planOf } from "./schema.fixture.ts";
import { createDatasetTables } from "./schema.ts";

const schema = z.object({ id: z.string(), day: z.iso.date().nullable() });
const forEver = dataset("odds", { schema, key: ["id"] });
const odds = dataset("odds", { schema, key: ["id"], retention: { age: "100d", by: "day" } });

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

async function openOdds() {
  const db = await databaseWith(odds);
  const [table] = await listAgingTables(db.database, agingDatasets([odds]));
  if (table === undefined) throw new Error("the table isn't there");
  const ids = async () => (await tableRows(db.database, odds)).map((row) => row.id);
  return {
    ...db,
    table,
    ids,
    prune: async () => (await pruneDataset({ database: db.database }, table)).rows,
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

test("rows go once their day is older than the age; the young and those without a day stay", async () => {
  await using db = await openOdds();
  await merge(db.database, "a", odds, [
    { id: "old", day: daysAgo(102) },
    { id: "young", day: daysAgo(98) },
    { id: "timeless", day: null },
  ]);
  await merge(
    db.database,
    "b",
    odds,
    Array.from({ length: 2_500 }, (_, i) => ({ id: `${i}`, day: daysAgo(200) })),
  );
  expect(await countOldRowsOf(db.database, db.table)).toBe(2_501);

  expect(await db.prune()).toBe(2_501);

  expect(await db.ids()).toEqual(["timeless", "young"]);
});

test("rows stay while their output, or one that needs it, is expected or has a task; a resolved failure keeps none", async () => {
  await using db = await openOdds();
  for (const partition of ["settled", "expected", "feeds", "feeds failed", "replayed"])
    await merge(db.database, partition, odds, [{ id: partition, day: daysAgo(200) }]);
  await db.database.query(`
    insert into headworks.outputs (id, namespace, processor, partition, opens_at, status) overriding system value values
      (1, 'prod', 'p', 'settled', now(), 'complete'), (2, 'prod', 'p', 'expected', now(), 'expected'),
      (3, 'prod', 'p', 'feeds', now(), 'complete'), (4, 'prod', 'p', 'feeds failed', now(), 'complete'),
      (9, 'prod', 'p', 'replayed', now(), 'complete'), (10, 'replay_x', 'q', 'x', now(), 'expected'),
      (5, 'prod', 'q', 'x', now(), 'expected'), (6, 'prod', 'q', 'y', now(), 'failed'), (7, 'prod', 'q', 'z', now(), 'complete');
    insert into headworks.edges (downstream_id, need, upstream_id, mode, accepts_degraded, any_of, to_prod)
      values (5, 0, 3, 'required', false, false, false), (6, 0, 4, 'required', false, false, false),
        (7, 0, 1, 'required', false, false, false), (10, 0, 9, 'required', false, false, true);
    insert into headworks.tasks (id, output_id, namespace, processor, partition, queue, priority, state, fingerprint)
      overriding system value values (8, 6, 'prod', 'q', 'y', 'default', 1, 'failed', '0123456789abcdef');
    insert into headworks.failures (namespace, fingerprint, count, first_seen_at, last_seen_at, last_code_version)
      values ('prod', '0123456789abcdef', 1, now(), now(), 'v1')`);

  expect(await db.prune()).toBe(1);
  expect(await db.ids()).toEqual(["expected", "feeds", "feeds failed", "replayed"]);

  await db.database.query(`
    update headworks.failures set state = 'resolved', resolved_at = now();
    update headworks.outputs set status = 'complete' where id in (2, 5, 10)`);
  expect(await countOldRowsOf(db.database, db.table)).toBe(4);
  expect(await db.prune()).toBe(4);
});

test("a row that a merge holds is left to the next look, and nobody waits", async () => {
  await using db = await openOdds();
  await merge(db.database, "a", odds, [
    { id: "held", day: daysAgo(200) },
    { id: "free", day: daysAgo(200) },
  ]);
  await transaction(db.database, async (connection) => {
    await connection.query("select from prod.odds where id = 'held' for update");
    expect(await db.prune()).toBe(1);
  });
  expect(await db.prune()).toBe(1);
});

test("an age that is declared later brings an index, also into a restored database", async () => {
  await using db = await databaseWith(forEver);
  expect(await planOf(db.database, odds)).toEqual([
    { description: "odds: index day, by which rows go", safe: true },
  ]);
  await apply(db.database, odds);
  expect(await planOf(db.database, odds)).toEqual([]);

  await db.database.query("drop table prod.odds");
  await transaction(db.database, (connection) => createDatasetTables(connection));
  expect(await planOf(db.database, odds)).toEqual([]);
});
