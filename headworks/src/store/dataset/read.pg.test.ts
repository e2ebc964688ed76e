import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { DatasetReader } from "../../define/context.ts";
import { dataset, type RowOf } from "../../define/dataset.ts";
import { apply, boxScores, databaseWith, everything, merge, readerOf } from "./dataset.fixture.ts";
import { createReader } from "./read.ts";

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
