import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { transaction } from "../database.ts";
import { boxScores, databaseWith, merge, mergeGroup, runOf, tableRows } from "./dataset.fixture.ts";
import { mergeRows } from "./merge.ts";

const line = (game_id: string, player_id: number, points: number) => ({ game_id, player_id, points });

test("counts what a partition's replacement inserts, updates, leaves and removes", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "g1", boxScores, [line("g1", 1, 10), line("g1", 2, 20), line("g1", 3, 30)]);

  const counts = await merge(db.database, "g1", boxScores, [
    line("g1", 2, 20),
    line("g1", 3, 31),
    line("g1", 4, 40),
  ]);

  expect(counts).toEqual({ inserted: 1, updated: 1, unchanged: 1, removed: 1 });
  expect(await tableRows(db.database, boxScores)).toEqual([
    line("g1", 2, 20),
    line("g1", 3, 31),
    line("g1", 4, 40),
  ]);
});

test("says of each row which run, processor and partition it is from", async () => {
  await using db = await databaseWith(boxScores);
  const run = runOf("g1", boxScores, [line("g1", 1, 10)]);

  await mergeGroup(db.database, boxScores, [run]);

  expect(await tableRows(db.database, boxScores, "_processor", "_partition", "_run", "_row_hash")).toEqual([
    {
      ...line("g1", 1, 10),
      _processor: "p",
      _partition: "g1",
      _run: run.run,
      _row_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ]);
});

test("writes no row version where nothing has changed", async () => {
  await using db = await databaseWith(boxScores);
  const rows = [line("g1", 1, 10), line("g1", 2, 20)];
  await merge(db.database, "g1", boxScores, rows);
  const versions = () =>
    db.database.query(
      "select xmin::text, xmax::text, ctid::text, _run from prod.box_scores order by player_id",
    );
  const before = await versions();

  expect(await merge(db.database, "g1", boxScores, rows)).toEqual({
    inserted: 0,
    updated: 0,
    unchanged: 2,
    removed: 0,
  });
  expect((await versions()).rows).toEqual(before.rows);
});

test("leaves other partitions and other processors alone", async () => {
  const shared = dataset("shared_scores", {
    schema: boxScores.schema,
    key: ["game_id", "player_id"],
    shared: true,
  });
  await using db = await databaseWith(shared);
  await merge(db.database, "g2", shared, [line("g2", 1, 5)]);
  await mergeGroup(db.database, shared, [{ ...runOf("g1", shared, [line("g1", 9, 9)]), processor: "other" }]);

  const counts = await merge(db.database, "g1", shared, [line("g1", 1, 10)]);

  expect(counts).toEqual({ inserted: 1, updated: 0, unchanged: 0, removed: 0 });
  expect(await tableRows(db.database, shared)).toEqual([
    line("g1", 1, 10),
    line("g1", 9, 9),
    line("g2", 1, 5),
  ]);
});

test("removes everything that a partition had when its run wrote nothing", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "g1", boxScores, [line("g1", 1, 10), line("g1", 2, 20)]);
  await merge(db.database, "g2", boxScores, [line("g2", 1, 10)]);

  const counts = await merge(db.database, "g1", boxScores, []);

  expect(counts).toEqual({ inserted: 0, updated: 0, unchanged: 0, removed: 2 });
  expect(await tableRows(db.database, boxScores)).toEqual([line("g2", 1, 10)]);
});

test("lets the last of several rows with one key count", async () => {
  await using db = await databaseWith(boxScores);

  const counts = await merge(db.database, "g1", boxScores, [
    line("g1", 1, 10),
    line("g1", 2, 20),
    line("g1", 1, 11),
  ]);

  expect(counts).toEqual({ inserted: 2, updated: 0, unchanged: 0, removed: 0 });
  expect(await tableRows(db.database, boxScores)).toEqual([line("g1", 1, 11), line("g1", 2, 20)]);
});

test("takes two spellings of one instant for the same key", async () => {
  const ticks = dataset("ticks", {
    schema: z.object({ at: z.iso.datetime({ offset: true }), value: z.int() }),
    key: ["at"],
  });
  await using db = await databaseWith(ticks);

  const counts = await merge(db.database, "t", ticks, [
    { at: "2026-01-14T12:00:00Z", value: 1 },
    { at: "2026-01-14T07:00:00-05:00", value: 2 },
  ]);

  expect(counts.inserted).toBe(1);
  expect(await tableRows(db.database, ticks)).toEqual([{ at: "2026-01-14T12:00:00.000Z", value: 2 }]);
});

test("leaves a row that another partition wrote alike where it is, and takes over one that differs", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "monday", boxScores, [line("g1", 1, 10), line("g1", 2, 20)]);

  const counts = await merge(db.database, "tuesday", boxScores, [line("g1", 1, 10), line("g1", 2, 21)]);

  expect(counts).toEqual({ inserted: 0, updated: 1, unchanged: 1, removed: 0 });
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line("g1", 1, 10), _partition: "monday" },
    { ...line("g1", 2, 21), _partition: "tuesday" },
  ]);
  expect((await merge(db.database, "monday", boxScores, [line("g1", 1, 10)])).removed).toBe(0);
});

test("merges the runs of a group in one go, and counts for each by itself", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "g1", boxScores, [line("g1", 1, 10), line("g1", 2, 20)]);
  await merge(db.database, "g2", boxScores, [line("g2", 1, 10)]);

  const counts = await mergeGroup(db.database, boxScores, [
    runOf("g1", boxScores, [line("g1", 1, 10)]),
    runOf("g2", boxScores, [line("g2", 1, 11), line("g2", 2, 20)]),
    runOf("g3", boxScores, []),
    runOf("g4", boxScores, [line("g4", 1, 1)]),
  ]);

  expect(counts).toEqual([
    { inserted: 0, updated: 0, unchanged: 1, removed: 1 },
    { inserted: 1, updated: 1, unchanged: 0, removed: 0 },
    { inserted: 0, updated: 0, unchanged: 0, removed: 0 },
    { inserted: 1, updated: 0, unchanged: 0, removed: 0 },
  ]);
});

test("keeps a row that moves from one partition of a group to another", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "monday", boxScores, [line("g1", 1, 10), line("g2", 1, 5)]);

  const counts = await mergeGroup(db.database, boxScores, [
    runOf("monday", boxScores, [line("g2", 1, 5)]),
    runOf("tuesday", boxScores, [line("g1", 1, 10)]),
  ]);

  expect(counts).toEqual([
    { inserted: 0, updated: 0, unchanged: 1, removed: 0 },
    { inserted: 0, updated: 1, unchanged: 0, removed: 0 },
  ]);
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line("g1", 1, 10), _partition: "tuesday" },
    { ...line("g2", 1, 5), _partition: "monday" },
  ]);
});

test("fails as a whole when two runs of a group write the same key, so that they can be merged one by one", async () => {
  await using db = await databaseWith(boxScores);
  const runs = [runOf("a", boxScores, [line("g1", 1, 10)]), runOf("b", boxScores, [line("g1", 1, 11)])];

  await expect(mergeGroup(db.database, boxScores, runs)).rejects.toMatchObject({ code: "21000" });
  expect(await tableRows(db.database, boxScores)).toEqual([]);

  for (const run of runs) await mergeGroup(db.database, boxScores, [run]);
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line("g1", 1, 11), _partition: "b" },
  ]);
});

test("merges a dataset that is all key, and one whose names are SQL's own", async () => {
  const pairs = dataset("order", {
    schema: z.object({ select: z.string(), run: z.int(), partition: z.string() }),
    key: ["select", "run", "partition"],
  });
  await using db = await databaseWith(pairs);
  const rows = [
    { select: "a", run: 1, partition: "x" },
    { select: "a", run: 2, partition: "x" },
  ];
  await merge(db.database, "p1", pairs, rows);

  const counts = await merge(db.database, "p1", pairs, rows.slice(1));

  expect(counts).toEqual({ inserted: 0, updated: 0, unchanged: 1, removed: 1 });
  expect(await tableRows(db.database, pairs)).toEqual(rows.slice(1));
});

test("says that a table isn't there or isn't as defined, and what to run", async () => {
  await using db = await databaseWith();
  await using older = await databaseWith(
    dataset("box_scores", {
      schema: z.object({ game_id: z.string(), player_id: z.int() }),
      key: ["game_id", "player_id"],
    }),
  );

  for (const { database } of [db, older]) {
    await expect(merge(database, "g1", boxScores, [line("g1", 1, 10)])).rejects.toMatchObject({
      code: "DATASET_NOT_APPLIED",
      hint: "run: headworks migrate --datasets",
    });
  }
});

test("does nothing for no runs", async () => {
  await using db = await databaseWith();

  const merged = await transaction(db.database, (connection) => mergeRows(connection, "prod", boxScores, []));

  expect(merged.size).toBe(0);
});
