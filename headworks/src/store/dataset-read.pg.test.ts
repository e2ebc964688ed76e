import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { DatasetReader } from "../define/context.ts";
import { type Dataset, dataset, type RowOf } from "../define/dataset.ts";
import type { Database } from "./database.ts";
import { apply, boxScores, databaseWith, merge } from "./dataset.fixture.ts";
import { createReader } from "./dataset-read.ts";

const everything = dataset("everything", {
  schema: z.object({
    id: z.int(),
    text: z.string(),
    day: z.iso.date(),
    at: z.iso.datetime(),
    uuid: z.uuid(),
    real: z.number(),
    flag: z.boolean(),
    large: z.bigint(),
    side: z.enum(["home", "away"]),
    list: z.array(z.string()),
    json: z.json(),
    nothing: z.string().nullable(),
    missing: z.int().optional(),
    either: z.bigint().nullish(),
    filled: z.string().default("filled"),
  }),
  key: ["id"],
});

const storableText = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)); // -0 is 0 in JSON
const everyKind = fc.record(
  {
    text: storableText,
    day: instant().map((date) => date.slice(0, 10)),
    at: instant(),
    uuid: fc.uuid(),
    real: fc.double({ noNaN: true, noDefaultInfinity: true }).map(plain),
    flag: fc.boolean(),
    large: fc.bigInt(),
    side: fc.constantFrom("home" as const, "away" as const),
    list: fc.array(storableText, { maxLength: 3 }),
    json: fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !JSON.stringify(value).includes("\\u0000"))
      .map(plain),
    nothing: fc.option(storableText),
    missing: fc.maxSafeInteger().map(plain),
    either: fc.option(fc.bigInt()),
    filled: storableText,
  },
  { requiredKeys: ["text", "day", "at", "uuid", "real", "flag", "large", "side", "list", "json", "nothing"] },
);

function instant(): fc.Arbitrary<string> {
  const years = { min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z") };
  return fc.date({ ...years, noInvalidDate: true }).map((date) => date.toISOString());
}

const readerOf = <D extends Dataset>(database: Database, of: D): DatasetReader<RowOf<D>> =>
  createReader<RowOf<D>>(database, "prod", of);
const lines = [1, 2, 3, 4, 5].flatMap((game) =>
  [1, 2].map((player_id) => ({ game_id: `g${game}`, player_id, points: game * player_id })),
);

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const batch of batches) collected.push(batch);
  return collected;
}

test("gives every kind of value back as the schema has it", async () => {
  await using db = await databaseWith(everything);
  await fc.assert(
    fc.asyncProperty(fc.array(everyKind, { minLength: 1, maxLength: 30 }), async (values) => {
      const rows = values.map((value, id) => ({ id, ...value }));
      await merge(db.database, "all", everything, rows);

      const read = await readerOf(db.database, everything).rows();

      expect(read).toStrictEqual(rows.map((row) => ({ filled: "filled", either: null, ...row })));
    }),
    { numRuns: 25 },
  );
});

test("types its rows, filters and orders by the dataset", () => {
  type Reader = DatasetReader<RowOf<typeof boxScores>>;

  expectTypeOf<Awaited<ReturnType<Reader["rows"]>>>().toEqualTypeOf<
    { game_id: string; player_id: number; points: number }[]
  >();
});

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

test("gives all rows in batches, each once, in the order of the key", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "all", boxScores, lines);
  const reader = readerOf(db.database, boxScores);
  const sizes = async (...filter: Parameters<typeof reader.batches>) => {
    const batches = await collect(reader.batches(...filter));
    return { sizes: batches.map((batch) => batch.length), rows: batches.flat() };
  };

  expect(await sizes({}, 4)).toEqual({ sizes: [4, 4, 2], rows: lines });
  expect(await sizes({}, 5)).toEqual({ sizes: [5, 5], rows: lines });
  expect(await sizes({ player_id: 2 })).toEqual({
    sizes: [5],
    rows: lines.filter((each) => each.player_id === 2),
  });
  expect(await sizes({ game_id: "none" })).toEqual({ sizes: [], rows: [] });
});

test("reads batches by keys that JavaScript would round", async () => {
  const ticks = dataset("ticks", {
    schema: z.object({ at: z.iso.datetime(), large: z.bigint(), real: z.number() }),
    key: ["at", "large", "real"],
  });
  await using db = await databaseWith(ticks);
  const rows = Array.from({ length: 7 }, (_, index) => ({
    at: `2026-01-14T12:00:00.00010${index}Z`,
    large: 2n ** 70n + BigInt(index),
    real: 0.1 + index / 3,
  }));
  await merge(db.database, "all", ticks, rows);

  const batches = await collect(readerOf(db.database, ticks).batches({}, 2));

  expect(batches.flat().map((row) => row.large)).toEqual(rows.map((row) => row.large));
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

test("says that the table isn't there or isn't as defined, and what to run", async () => {
  await using db = await databaseWith();
  const reader = readerOf(db.database, boxScores);
  const refusal = { code: "DATASET_NOT_APPLIED", hint: "run: headworks migrate --datasets" };

  await expect(reader.count()).rejects.toMatchObject(refusal);
  await expect(createReader(db.database, "nowhere", boxScores).rows()).rejects.toMatchObject(refusal);

  await apply(
    db.database,
    dataset("box_scores", { schema: z.object({ game_id: z.int() }), key: ["game_id"] }),
  );
  await expect(reader.rows()).rejects.toMatchObject(refusal);
  await expect(reader.count({ game_id: "g1" })).rejects.toMatchObject(refusal);
});
