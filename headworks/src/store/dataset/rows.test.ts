import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { validateRows } from "./rows.ts";

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
const accepted = (row: unknown) => JSON.parse(validateRows(players, [row]).accepted[0] ?? "null");
const errorOf = (row: unknown) => validateRows(players, [row]).rejected[0]?.error;

test("writes each good row with its columns in the order of the schema, and a hash", () => {
  const { accepted: texts, rejected } = validateRows(players, [
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

  expect(validateRows(wider, [good]).accepted).toEqual(validateRows(players, [good]).accepted);
});

test("says of an invalid row where and why, and keeps the row", () => {
  const { accepted: texts, rejected } = validateRows(players, [
    good,
    { id: "1", name: "A", born: "yesterday" },
  ]);

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

  const [rejected] = validateRows(games, [{ id: 1, quarters }]).rejected;

  expect(rejected?.error).toMatch(/^quarters\[0\]\.points: .*; quarters\[4\]\.points: .*; and 3 more$/);
});

test.each([[undefined], [null], ["text"], [42], [[]], [() => 1], [Symbol("s")], [10n], [new Map()]])(
  "rejects what is no row at all (%#)",
  (junk) => {
    const [rejected] = validateRows(players, [junk]).rejected;

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
  expect(accepted({ ...good, seen_at: "2026-01-14T00:00:00Z" }).seen_at).toBe("2026-01-14T00:00:00Z");
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

  const { accepted: texts, rejected } = validateRows(strict, [{ id: "1" }, { id: "{" }]);

  expect(texts).toHaveLength(1);
  expect(rejected[0]?.error).toMatch(/^the schema fails on this row: /);
});

test("rejects a value that a transform turned into something else than the column's", () => {
  const shouted = dataset("shouted", {
    schema: z.object({ id: z.uuid().overwrite((text) => `${text}!`) }),
    key: ["id"],
  });

  const { rejected } = validateRows(shouted, [{ id: "00000000-0000-0000-0000-000000000000" }]);

  expect(rejected[0]?.error).toBe("id: not a value for a column of type uuid");
});

test("rejects a key that is too long for an index", () => {
  const pages = dataset("pages", { schema: z.object({ url: z.string() }), key: ["url"] });

  const { accepted: texts, rejected } = validateRows(pages, [
    { url: "é".repeat(1_000) },
    { url: "é".repeat(1_001) },
  ]);

  expect(texts).toHaveLength(1);
  expect(rejected[0]?.error).toMatch(/^key: 2002 bytes long/);
});

test("keeps of a large rejected row only its beginning", () => {
  const [rejected] = validateRows(players, [{ id: "x", name: "😀".repeat(100_000) }]).rejected;

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
        for (const rejected of validateRows(players, [row]).rejected) {
          const json = JSON.stringify(rejected);
          expect(rejected.row ?? null).not.toBeNull();
          expect(json.length).toBeLessThan(20_000);
          expect(json.replaceAll("\\\\", "")).not.toMatch(/\\u0000|\\ud[89a-f]/);
        }
      },
    ),
  );
});
