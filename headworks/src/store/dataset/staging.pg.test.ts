import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import {
  boxScores,
  databaseWith,
  merge,
  mergeGroup,
  runOf,
  staged,
  tableRows,
  textsOf,
} from "./dataset.fixture.ts";
import { stageRows } from "./merge.ts";

const line = (game_id: string, player_id: number, points: number) => ({ game_id, player_id, points });

test("merges staged rows, also together with rows that came along later, the last one counting", async () => {
  await using db = await databaseWith(boxScores);
  const run = runOf("g1", boxScores, [line("g1", 1, 10), line("g1", 2, 20), line("g1", 1, 11)]);
  const large = await staged(db.database, boxScores, run);
  await stageRows(
    db.database,
    run.run,
    boxScores,
    textsOf(boxScores, [line("g1", 2, 21), line("g1", 3, 30)]),
  );
  const small = runOf("g2", boxScores, [line("g2", 1, 10)]);

  const counts = await mergeGroup(db.database, boxScores, [
    { ...large, staged: 5, rows: textsOf(boxScores, [line("g1", 3, 31)]) },
    small,
  ]);

  expect(counts).toEqual([
    { inserted: 3, updated: 0, unchanged: 0, removed: 0 },
    { inserted: 1, updated: 0, unchanged: 0, removed: 0 },
  ]);
  expect(await tableRows(db.database, boxScores)).toEqual([
    line("g1", 1, 11),
    line("g1", 2, 21),
    line("g1", 3, 31),
    line("g2", 1, 10),
  ]);
});

test("stages texts with backslashes, tabs and line ends as they are", async () => {
  const notes = dataset("notes", { schema: z.object({ id: z.int(), text: z.string() }), key: ["id"] });
  await using db = await databaseWith(notes);
  const rows = ["a\\b", "tab\there", "line\nend\r\n", "\\N", "\\.", '"quoted"', "\u2028", "😀"].map(
    (text, id) => ({
      id,
      text,
    }),
  );

  await mergeGroup(db.database, notes, [await staged(db.database, notes, runOf("all", notes, rows))]);

  expect(await tableRows(db.database, notes)).toEqual(rows);
});

test("refuses to merge when staged rows were lost, and leaves the table as it was", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "g1", boxScores, [line("g1", 1, 10)]);
  const run = await staged(
    db.database,
    boxScores,
    runOf("g1", boxScores, [line("g1", 1, 11), line("g1", 2, 20)]),
  );
  await db.database.query("truncate headworks.staged_rows"); // what a crash does to an unlogged table

  await expect(mergeGroup(db.database, boxScores, [run])).rejects.toMatchObject({
    code: "STAGED_ROWS_LOST",
    message: expect.stringContaining("of 2 rows"),
  });
  expect(await tableRows(db.database, boxScores)).toEqual([line("g1", 1, 10)]);
});

test("stages and merges a hundred thousand rows", async () => {
  await using db = await databaseWith(boxScores);
  const rows = textsOf(
    boxScores,
    Array.from({ length: 100_000 }, (_, index) => line(`g${index % 100}`, index, index)),
  );
  const run = { run: randomUUID(), processor: "p", partition: "all", rows: [], staged: rows.length };
  await stageRows(db.database, run.run, boxScores, rows);

  const first = await mergeGroup(db.database, boxScores, [run]);
  const second = await mergeGroup(db.database, boxScores, [run]);

  expect(first).toEqual([{ inserted: 100_000, updated: 0, unchanged: 0, removed: 0 }]);
  expect(second).toEqual([{ inserted: 0, updated: 0, unchanged: 100_000, removed: 0 }]);
});
