import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Dataset, dataset } from "../../define/dataset.ts";
import { type ValidatedRows, validateRows } from "./rows.ts";

/** All batches as one. */
function validated(of: Dataset, rows: Iterable<unknown>): ValidatedRows {
  const batches = [...validateRows(of, rows)];
  return {
    accepted: batches.flatMap((batch) => batch.accepted),
    keys: batches.flatMap((batch) => batch.keys),
    rejected: batches.flatMap((batch) => batch.rejected),
  };
}

const players = dataset("players", {
  schema: z.object({
    id: z.int(),
    name: z.string().trim(),
    born: z.iso.date().nullable(),
    team: z.string().optional(),
    seen_at: z.iso.datetime({ offset: true }).optional(),
    extra: z.unknown().optional(),
  }),
  key: ["id"],
});
const good = { id: 1, name: "A", born: null };
const accepted = (row: unknown) => JSON.parse(validated(players, [row]).accepted[0] ?? "null");
const errorOf = (row: unknown) => validated(players, [row]).rejected[0]?.error;

test("writes each good row with its columns in the order of the schema, and a hash", () => {
  const { accepted: texts, rejected } = validated(players, [
    { extra: [1], team: "BOS", born: "2000-02-29", name: " B ", id: 2, unknown: "left out" },
  ]);

  expect(rejected).toEqual([]);
  expect(texts).toEqual([
    expect.stringMatching(
      /^\{"id":2,"name":"B","born":"2000-02-29","team":"BOS","extra":\[1\],"_row_hash":"[0-9a-f]{32}"\}$/,
    ),
  ]);
});

test("gives equal rows equal hashes, whatever the order of their fields at any depth", () => {
  const one = accepted({ ...good, extra: { a: 1, b: [{ c: 2, d: 3 }] } });
  const other = accepted({ extra: { b: [{ d: 3, c: 2 }], a: 1 }, born: null, name: "A", id: 1 });

  expect(other).toEqual(one);
});

test("gives rows that differ anywhere different hashes", () => {
  const rows = [
    good,
    { ...good, id: 2 },
    { ...good, name: "B" },
    { ...good, team: "BOS" },
    { ...good, extra: [] },
  ];

  expect(new Set(rows.map((row) => accepted(row)._row_hash)).size).toBe(rows.length);
});

test("doesn't change the hashes of rows when a column is added that they don't have", () => {
  const wider = dataset("players", {
    schema: players.schema.extend({ height: z.int().nullish() }),
    key: ["id"],
  });

  expect(validated(wider, [good]).accepted).toEqual(validated(players, [good]).accepted);
});

test("says of an invalid row where and why, and keeps the row", () => {
  const { accepted: texts, rejected } = validated(players, [good, { id: "1", name: "A", born: "yesterday" }]);

  expect(texts).toHaveLength(1);
  expect(rejected).toEqual([
    {
      row: { id: "1", name: "A", born: "yesterday" },
      error: "id: Invalid input: expected number, received string; born: Invalid ISO date",
    },
  ]);
});

test("names places within a field, and bounds how many it tells", () => {
  const games = dataset("games", {
    schema: z.object({ id: z.int(), quarters: z.array(z.object({ points: z.int() })) }),
    key: ["id"],
  });
  const quarters = Array.from({ length: 8 }, () => ({ points: "many" }));

  const [rejected] = validated(games, [{ id: 1, quarters }]).rejected;

  expect(rejected?.error).toMatch(/^quarters\[0\]\.points: .*; quarters\[4\]\.points: .*; and 3 more$/);
});

test.each([[undefined], [null], ["text"], [42], [[]], [() => 1], [Symbol("s")], [10n], [new Map()]])(
  "rejects what is no row at all (%#)",
  (junk) => {
    const [rejected] = validated(players, [junk]).rejected;

    expect(rejected?.error).toMatch(/^(row|id): /);
    expect(JSON.stringify(rejected?.row)).toMatch(/[^n]/);
    expect(rejected?.row).not.toBeNull();
  },
);

test("rejects texts that PostgreSQL can't keep, and says why", () => {
  expect(errorOf({ ...good, name: "a\0b" })).toMatch(/^name: .*NUL/);
  expect(errorOf({ ...good, name: "\ud83d" })).toMatch(/^name: .*surrogate/);
  expect(errorOf({ ...good, extra: { deep: ["\0"] } })).toMatch(/^extra: .*NUL/);
  expect(errorOf({ ...good, extra: { "key\udc00": 1 } })).toMatch(/^extra: .*surrogate/);
});

test("accepts the same letters when they are no more than letters", () => {
  const name = "\\u0000 \\\\ud83d \\";

  expect(accepted({ ...good, name }).name).toBe(name);
  expect(accepted({ ...good, name: "😀" }).name).toBe("😀");
});

test("rejects days and instants that PostgreSQL has not", () => {
  expect(errorOf({ ...good, born: "0000-01-01" })).toMatch(/^born: .*type date/);
  expect(errorOf({ ...good, seen_at: "2026-01-14T00:00:00+20:00" })).toMatch(/^seen_at: .*timestamptz/);
  expect(errorOf({ ...good, seen_at: "0001-01-01T00:00:00+01:00" })).toMatch(/^seen_at: /);
  expect(errorOf({ ...good, seen_at: "9999-12-31T23:59:59-01:00" })).toMatch(/^seen_at: /);
  expect(accepted({ ...good, seen_at: "2026-01-14T00:00:00Z" }).seen_at).toBe("2026-01-14T00:00:00.000Z");
});

test("rejects what JSON can't hold", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;

  expect(errorOf({ ...good, extra: circle })).toMatch(/fails on this row/);
  expect(errorOf({ ...good, extra: { big: 1n } })).toMatch(/fails on this row/);
  expect(errorOf({ ...good, extra: () => 1 })).toMatch(/^extra: a function/);
});

test("rejects a row that the schema's own code stumbles over", () => {
  const strict = dataset("strict", {
    schema: z.object({
      id: z
        .string()
        .transform((text) => JSON.parse(text))
        .pipe(z.int()),
    }),
    key: ["id"],
  });

  const { accepted: texts, rejected } = validated(strict, [{ id: "1" }, { id: "{" }]);

  expect(texts).toHaveLength(1);
  expect(rejected[0]?.error).toMatch(/^the schema fails on this row: /);
});

test("rejects a value that a transform turned into something else than the column's", () => {
  const shouted = dataset("shouted", {
    schema: z.object({ id: z.uuid().overwrite((text) => `${text}!`) }),
    key: ["id"],
  });

  const { rejected } = validated(shouted, [{ id: "00000000-0000-0000-0000-000000000000" }]);

  expect(rejected[0]?.error).toBe("id: not a value for a column of type uuid");
});

test("rejects a key that is too long for an index", () => {
  const pages = dataset("pages", { schema: z.object({ url: z.string() }), key: ["url"] });

  const { accepted: texts, rejected } = validated(pages, [
    { url: "é".repeat(1_000) },
    { url: "é".repeat(1_001) },
  ]);

  expect(texts).toHaveLength(1);
  expect(rejected[0]?.error).toMatch(/^key: 2002 bytes long/);
});

test("keeps of a large rejected row only its beginning", () => {
  const [rejected] = validated(players, [{ id: "x", name: "😀".repeat(100_000) }]).rejected;

  expect(rejected?.row).toMatch(/^\{"id":"x","name":"😀+.*… \(\d+ characters\)$/u);
  expect(JSON.stringify(rejected?.row).length).toBeLessThan(9_000);
});

test("makes of any junk a row that JSON and PostgreSQL can hold", () => {
  const junk = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
  });
  fc.assert(
    fc.property(
      fc.oneof(junk, fc.record({ id: junk, "k\0": junk, name: fc.string({ unit: "binary" }) })),
      (row) => {
        for (const rejected of validated(players, [row]).rejected) {
          const json = JSON.stringify(rejected);
          expect(rejected.row ?? null).not.toBeNull();
          expect(json.length).toBeLessThan(20_000);
          expect(json.replaceAll("\\\\", "")).not.toMatch(/\\u0000|\\ud[89a-f]/);
        }
      },
    ),
  );
});

const odds = dataset("odds", {
  schema: z.object({
    at: z.iso.datetime({ offset: true }),
    book: z.uuid().optional(),
    extra: z.any().optional(),
  }),
  key: ["at"],
});
const keyOf = (at: string) => validated(odds, [{ at }]).keys[0];

test.for([
  ["2026-01-14T05:00:00Z", "2026-01-14T00:00:00-05:00"],
  ["2026-01-14T05:00:00.100Z", "2026-01-14T05:00:00.1Z"],
  ["2026-01-14T05:00:00Z", "2026-01-14T10:30:00.000000+05:30"],
  ["2026-01-14T05:00:00.123456Z", "2026-01-14T06:00:00.123456000+01:00"],
] as const)("%s and %s are one instant, so one key and one hash", ([one, other]) => {
  expect(keyOf(one)).toBe(keyOf(other));
  expect(validated(odds, [{ at: one }]).accepted).toEqual(validated(odds, [{ at: other }]).accepted);
});

test("instants that differ by a microsecond are two keys, and finer ones are refused", () => {
  expect(keyOf("2026-01-14T05:00:00.123456Z")).not.toBe(keyOf("2026-01-14T05:00:00.123457Z"));
  expect(validated(odds, [{ at: "2026-01-14T05:00:00.1234567Z" }]).rejected[0]?.error).toBe(
    "at: finer than a microsecond, which PostgreSQL can't keep",
  );
});

test("a UUID in capitals is the same value as in small letters", () => {
  const book = "0b5e2f38-6c1a-4d2e-9f00-aabbccddeeff";
  const rows = [book, book.toUpperCase()].map((each) => ({ at: "2026-01-14T05:00:00Z", book: each }));

  expect(new Set(validated(odds, rows).accepted).size).toBe(1);
});

test.for([
  [Number.NaN, "extra: NaN can't be kept as JSON"],
  [{ a: [1, Number.POSITIVE_INFINITY] }, "extra: .a[1]: Infinity can't be kept as JSON"],
  [{ teams: new Map([["a", 1]]) }, "extra: .teams: a Map can't be kept as JSON"],
  [[new Set([1])], "extra: [0]: a Set can't be kept as JSON"],
  [[undefined], "extra: [0]: undefined can't be kept as JSON"],
  [{ f: () => 1 }, "extra: .f: a function can't be kept as JSON"],
] as const)("what JSON would silently change is rejected, with its path: %o", ([extra, error]) => {
  const { accepted: texts, rejected } = validated(odds, [{ at: "2026-01-14T05:00:00Z", extra }]);

  expect(texts).toEqual([]);
  expect(rejected[0]?.error).toBe(error);
});

test("rows come in batches of bounded size, however large they are", () => {
  const large = (id: number) => ({ ...good, id, name: "x".repeat(400_000) });
  const batches = [...validateRows(players, [1, 2, 3, 4, 5, 6, 7].map(large))];

  expect(batches.map(({ accepted: texts }) => texts.length)).toEqual([3, 3, 1]);
});
