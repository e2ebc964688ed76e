import { expect, test } from "vitest";
import { boxScores, databaseWith, everything, merge, readerOf } from "./dataset.fixture.ts";
import { createReader } from "./read.ts";

const lines = [1, 2, 3, 4, 5].flatMap((game) =>
  [1, 2].map((player_id) => ({ game_id: `g${game}`, player_id, points: game * player_id })),
);

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const batch of batches) collected.push(batch);
  return collected;
}

test("filters by equality, by one of several, and by ranges, all of which must hold", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "all", boxScores, lines);
  const reader = readerOf(db.database, boxScores);
  const games = async (...filter: Parameters<typeof reader.rows>) =>
    (await reader.rows(...filter)).map((row) => `${row.game_id}.${row.player_id}`);

  expect(await games({ game_id: "g2" })).toEqual(["g2.1", "g2.2"]);
  expect(await games({ game_id: ["g4", "g1"], player_id: 2 })).toEqual(["g1.2", "g4.2"]);
  expect(await games({ points: { gte: 4, lt: 6 } })).toEqual(["g2.2", "g4.1", "g5.1"]);
  expect(await games({ points: { gt: 4, lte: 5 } })).toEqual(["g5.1"]);
  expect(await games({ game_id: [] })).toEqual([]);
  expect(await reader.count()).toBe(10);
  expect(await reader.count({ player_id: 1 })).toBe(5);
});

test("filters every kind of column, and what is null", async () => {
  await using db = await databaseWith(everything);
  const row = {
    id: 1,
    text: "'; drop table prod.everything; --",
    day: "2026-01-14",
    at: "2026-01-14T12:00:00.000Z",
    uuid: "00000000-0000-4000-8000-000000000000",
    real: 0.1,
    flag: true,
    large: 2n ** 80n,
    side: "home" as const,
    list: ["a", "b"],
    json: { a: [1] },
    nothing: null,
    filled: "x",
    either: 1n,
  };
  await merge(db.database, "all", everything, [row, { ...row, id: 2, nothing: "something", missing: 5 }]);
  const reader = readerOf(db.database, everything);
  const ids = async (filter: Parameters<typeof reader.rows>[0]) =>
    (await reader.rows(filter)).map(({ id }) => id);

  const { id, nothing, list, ...scalars } = row;
  for (const [name, value] of Object.entries(scalars)) {
    expect(await ids({ [name]: value })).toEqual([1, 2]);
    expect(await ids({ [name]: [value] })).toEqual([1, 2]);
  }
  expect(await ids({ list: [["a", "b"], ["c"]] })).toEqual([1, 2]);
  expect(await ids({ large: { gt: 2n ** 79n } })).toEqual([1, 2]);
  expect(await ids({ day: { gte: "2026-01-14", lt: "2026-01-15" } })).toEqual([1, 2]);
  expect(await ids({ nothing: null })).toEqual([1]);
  expect(await ids({ nothing: ["something", null] })).toEqual([1, 2]);
  expect(await ids({ missing: [5] })).toEqual([2]);
});

test("sorts as asked, then by key, and gives no more than the limit", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "all", boxScores, lines);
  const reader = readerOf(db.database, boxScores);

  const rows = await reader.rows(
    {},
    { orderBy: ["player_id", { column: "points", direction: "desc" }], limit: 6 },
  );

  expect(rows.map((row) => [row.player_id, row.points])).toEqual([
    [1, 5],
    [1, 4],
    [1, 3],
    [1, 2],
    [1, 1],
    [2, 10],
  ]);
  expect((await reader.rows()).map((row) => row.game_id).slice(0, 3)).toEqual(["g1", "g1", "g2"]);
  expect(await reader.rows({}, { limit: 0 })).toEqual([]);
});

test.each([
  [{ pionts: 1 }, "no column pionts"],
  [{ _partition: "g1" }, "no column _partition"],
  [{ points: undefined }, "undefined"],
  [{ points: "many" }, "type bigint"],
  [{ points: 1.5 }, "type bigint"],
  [{ points: {} }, "compared by nothing"],
  [{ points: { atLeast: 1 } }, "compared by atLeast"],
  [{ points: { gt: undefined } }, "undefined"],
  [{ game_id: "a\0" }, "NUL"],
])("refuses the filter %j before reading anything", async (filter, message) => {
  await using db = await databaseWith();
  const reader = createReader<Record<string, unknown>>(db.database, "prod", boxScores);
  const refusal = { code: "DATASET_FILTER_INVALID", message: expect.stringContaining(message) };

  await expect(reader.rows(filter)).rejects.toMatchObject(refusal);
  await expect(reader.count(filter)).rejects.toMatchObject(refusal);
  await expect(collect(reader.batches(filter))).rejects.toMatchObject(refusal);
});

test("refuses to sort by what is no column, and limits that are no numbers of rows", async () => {
  await using db = await databaseWith();
  const reader = createReader<Record<string, unknown>>(db.database, "prod", boxScores);
  const refusal = { code: "DATASET_FILTER_INVALID" };

  await expect(reader.rows({}, { orderBy: ["points; drop"] })).rejects.toMatchObject(refusal);
  await expect(reader.rows({}, { limit: -1 })).rejects.toMatchObject(refusal);
  await expect(reader.rows({}, { limit: Number.NaN })).rejects.toMatchObject(refusal);
  await expect(collect(reader.batches({}, 0))).rejects.toMatchObject(refusal);
});
