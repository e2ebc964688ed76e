import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { transaction } from "../database.ts";
import { apply, boxScores, databaseWith, merge, tableRows } from "./dataset.fixture.ts";
import { line, planOf, variant, withOneRow } from "./schema.fixture.ts";
import { applyDatasetChanges, planDatasetChanges } from "./schema.ts";

test("reports a dataset that is no longer defined, and keeps its table", async () => {
  await using db = await withOneRow();

  expect(await planOf(db.database)).toEqual([
    { description: "box_scores: no longer defined; its table prod.box_scores is kept", safe: true },
  ]);
  await apply(db.database);
  expect(await tableRows(db.database, boxScores)).toEqual([line]);
});

test.each([
  ["table", "create table prod.box_scores (game_id text primary key)"],
  ["view", "create view prod.box_scores as select 1 as game_id"],
])("leaves a %s of the user's own alone", async (_kind, statement) => {
  await using db = await databaseWith();
  await db.database.query(statement);

  await expect(planOf(db.database, boxScores)).rejects.toMatchObject({ code: "DATASET_TABLE_FOREIGN" });
});

test("can be applied by several processes that made the same plan", async () => {
  await using db = await databaseWith();

  await Promise.all([1, 2, 3].map(() => apply(db.database, boxScores)));

  expect(await planOf(db.database, boxScores)).toEqual([]);
  expect((await db.database.query("select from pg_indexes where schemaname = 'prod'")).rowCount).toBe(2);
});

test("does nothing that wasn't in the plan", async () => {
  await using db = await databaseWith(boxScores);
  const narrower = variant({});
  const changes = await planDatasetChanges(db.database, "prod", [narrower]);
  await merge(db.database, "g1", boxScores, [line]);

  await expect(
    transaction(db.database, (connection) => applyDatasetChanges(connection, "prod", changes)),
  ).rejects.toMatchObject({ code: "DATASET_CHANGED_MEANWHILE" });
  expect(await tableRows(db.database, boxScores)).toEqual([line]);
});

test("gives up on a table that stays in use, and says so", async () => {
  await using db = await withOneRow();
  const reading = await db.database.connect();
  await reading.query("begin");
  await reading.query("select from prod.box_scores");

  await expect(
    apply(db.database, variant({ points: z.int(), team: z.string().nullable() })),
  ).rejects.toMatchObject({
    code: "DATASET_IN_USE",
  });

  await reading.query("rollback");
  reading.release();
});

test("escapes whatever names hold", async () => {
  const quoted = dataset('a"; drop table x; --', {
    schema: z.object({ 'k"': z.string(), Größe: z.int() }),
    key: ['k"'],
  });
  await using db = await databaseWith(quoted);

  const counts = await merge(db.database, "p", quoted, [{ 'k"': "v", Größe: 1 }]);

  expect(counts.inserted).toBe(1);
  expect(await planOf(db.database, quoted)).toEqual([]);
});
