import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { apply, boxScores, databaseWith, merge, tableRows } from "./dataset.fixture.ts";
import { line, planOf, variant, withOneRow } from "./schema.fixture.ts";

test("plans a new table, and changes nothing by planning", async () => {
  await using db = await databaseWith();

  expect(await planOf(db.database, boxScores)).toEqual([
    {
      description: "box_scores: create table prod.box_scores (game_id text, player_id bigint, points bigint)",
      safe: true,
    },
  ]);
  expect(await planOf(db.database, boxScores)).toHaveLength(1);
});

test("makes a plain table with its key, provenance and an index by partition, and plans nothing more", async () => {
  await using db = await databaseWith(boxScores);

  const { rows } = await db.database.query(
    "select indexdef from pg_indexes where schemaname = 'prod' order by indexdef",
  );

  expect(await planOf(db.database, boxScores)).toEqual([]);
  expect(rows.map((row) => row.indexdef)).toEqual([
    expect.stringMatching(/^CREATE INDEX .* \(_processor, _partition\)$/),
    expect.stringMatching(/^CREATE UNIQUE INDEX .* \(game_id, player_id\)$/),
  ]);
  expect((await db.database.query("select name, columns, key from headworks.datasets")).rows).toEqual([
    {
      name: "box_scores",
      key: ["game_id", "player_id"],
      columns: [
        { name: "game_id", type: "text", nullable: false },
        { name: "player_id", type: "bigint", nullable: false },
        { name: "points", type: "bigint", nullable: false },
      ],
    },
  ]);
});

test("has a table for every kind of column, and plans nothing more", async () => {
  const kinds = variant({
    a: z.iso.date(),
    b: z.iso.datetime().nullable(),
    c: z.uuid(),
    d: z.number().optional(),
    e: z.boolean(),
    f: z.bigint(),
    g: z.array(z.string()),
  });
  await using db = await databaseWith(kinds);

  expect(await planOf(db.database, kinds)).toEqual([]);
});

test("adds a nullable column without touching a row", async () => {
  await using db = await withOneRow();
  const wider = variant({ points: z.int(), minutes: z.string().nullable() });

  expect(await planOf(db.database, wider)).toEqual([
    { description: "box_scores: add column minutes (text)", safe: true },
  ]);
  await apply(db.database, wider);
  expect(await tableRows(db.database, wider)).toEqual([{ ...line, minutes: null }]);
  expect((await merge(db.database, "g1", wider, [{ ...line, minutes: null }])).unchanged).toBe(1);
});

test("warns that a column which every row must have costs the rows that don't", async () => {
  await using db = await withOneRow();
  const wider = variant({ points: z.int(), minutes: z.string() });

  expect(await planOf(db.database, wider)).toEqual([
    {
      description: "box_scores: add column minutes (text, never null)",
      safe: false,
      loses: "all 1 rows, since none has a value for it",
    },
  ]);
  await apply(db.database, wider);
  expect(await tableRows(db.database, wider)).toEqual([]);
});

test("forbids null safely where there is none, and warns how many rows it costs where there is", async () => {
  const loose = variant({ points: z.int().nullable() });
  await using clean = await withOneRow(loose);
  await using dirty = await withOneRow(loose, { ...line, points: null });

  expect(await planOf(clean.database, boxScores)).toEqual([
    { description: "box_scores: forbid null in points", safe: true },
  ]);
  expect(await planOf(dirty.database, boxScores)).toEqual([
    { description: "box_scores: forbid null in points", safe: false, loses: "1 rows, in which it is null" },
  ]);
  await apply(dirty.database, boxScores);
  expect(await planOf(dirty.database, boxScores)).toEqual([]);
});

test("widens a column with the values in it", async () => {
  await using db = await withOneRow();
  const wider = variant({ points: z.number().nullable() });

  expect(await planOf(db.database, wider)).toEqual([
    { description: "box_scores: change column points from bigint to double precision", safe: true },
    { description: "box_scores: let points be null", safe: true },
  ]);
  await apply(db.database, wider);
  expect(await tableRows(db.database, wider)).toEqual([line]);
});

test("widens what holds one value to JSON", async () => {
  await using db = await withOneRow(variant({ points: z.string() }), { ...line, points: "ten" });
  const json = variant({ points: z.union([z.string(), z.array(z.string())]) });

  await apply(db.database, json);

  expect(await tableRows(db.database, json)).toEqual([{ ...line, points: "ten" }]);
});

test("warns of a change of type that not every value may survive, and stops when one doesn't", async () => {
  const texts = variant({ points: z.string() });
  await using good = await withOneRow(texts, { ...line, points: "10" });
  await using bad = await withOneRow(texts, { ...line, points: "ten" });

  expect(await planOf(good.database, boxScores)).toEqual([
    {
      description: "box_scores: change column points from text to bigint",
      safe: false,
      loses: expect.stringContaining("stops the change"),
    },
  ]);
  await apply(good.database, boxScores);
  expect(await tableRows(good.database, boxScores)).toEqual([line]);
  await expect(apply(bad.database, boxScores)).rejects.toThrow(/ten/);
  expect(await tableRows(bad.database, texts)).toEqual([{ ...line, points: "ten" }]);
});

test("warns what dropping a column loses", async () => {
  await using db = await withOneRow();
  const narrower = variant({});

  expect(await planOf(db.database, narrower)).toEqual([
    { description: "box_scores: drop column points", safe: false, loses: "the values of points in 1 rows" },
  ]);
  await apply(db.database, narrower);
  expect(await planOf(db.database, narrower)).toEqual([]);
});

test("changes the key, also to a new column and away from one that goes", async () => {
  await using db = await withOneRow();
  const rekeyed = dataset("box_scores", {
    schema: z.object({ game_id: z.string(), team: z.string(), points: z.int() }),
    key: ["team", "game_id"],
  });

  expect((await planOf(db.database, rekeyed)).map(({ description, safe }) => [description, safe])).toEqual([
    ["box_scores: add column team (text, never null)", false],
    ["box_scores: change key from (game_id, player_id) to (team, game_id)", false],
    ["box_scores: drop column player_id", false],
  ]);
  await apply(db.database, rekeyed);
  expect(await planOf(db.database, rekeyed)).toEqual([]);
});

test("lets what was part of the key be null afterward", async () => {
  await using db = await withOneRow();
  const rekeyed = dataset("box_scores", {
    schema: z.object({ game_id: z.string(), player_id: z.int().nullable(), points: z.int() }),
    key: ["game_id"],
  });

  await apply(db.database, rekeyed);

  expect(await planOf(db.database, rekeyed)).toEqual([]);
  expect(await tableRows(db.database, rekeyed)).toEqual([line]);
});

test("stops a change of key that two rows would share", async () => {
  await using db = await withOneRow();
  await merge(db.database, "g1", boxScores, [line, { ...line, player_id: 2 }]);

  await expect(apply(db.database, variant({ points: z.int() }, ["game_id"]))).rejects.toMatchObject({
    code: "23505",
  });
  expect(await planOf(db.database, boxScores)).toEqual([]);
});

test("finds every change of an empty table safe", async () => {
  await using db = await databaseWith(boxScores);
  const other = variant({ points: z.iso.date(), team: z.string() }, ["player_id"]);

  const plan = await planOf(db.database, other);

  expect(plan.map((change) => change.safe)).toEqual([true, true, true]);
  await apply(db.database, other);
  expect(await planOf(db.database, other)).toEqual([]);
});
