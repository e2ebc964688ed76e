import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { columnsOf, keyColumnsOf } from "./columns.ts";

const id = z.string();
const define = (shape: z.core.$ZodLooseShape) =>
  dataset("things", { schema: z.object({ id, ...shape }), key: ["id"] });
const columnOf = (field: z.core.$ZodType) => columnsOf(define({ field }))[1];
const typeOf = (field: z.core.$ZodType) => columnOf(field)?.type;

test.each([
  ["text", z.string()],
  ["text", z.email()],
  ["text", z.enum(["home", "away"])],
  ["text", z.literal("final")],
  ["text", z.literal(["home", "away"])],
  ["text", z.union([z.literal("final"), z.string()])],
  ["text", z.union([z.iso.date(), z.literal("")])],
  ["text", z.literal([null, "a"])],
  ["text", z.iso.time()],
  ["text", z.templateLiteral(["g-", z.string()])],
  ["date", z.iso.date()],
  ["timestamptz", z.iso.datetime()],
  ["timestamptz", z.iso.datetime({ offset: true })],
  ["uuid", z.uuid()],
  ["bigint", z.int()],
  ["bigint", z.number().int()],
  ["double precision", z.number()],
  ["double precision", z.string().transform(Number).pipe(z.number())],
  ["boolean", z.boolean()],
  ["boolean", z.stringbool()],
  ["numeric", z.bigint()],
  ["numeric", z.int64()],
  ["numeric", z.literal(1n)],
  ["jsonb", z.array(z.string())],
  ["jsonb", z.object({ made: z.int() })],
  ["jsonb", z.record(z.string(), z.number())],
  ["jsonb", z.union([z.string(), z.number()])],
  ["jsonb", z.union([z.int(), z.boolean(), z.null()])],
  ["jsonb", z.literal([1, "a"])],
  ["jsonb", z.json()],
  ["jsonb", z.unknown()],
])("keeps in a column of type %s what %# describes", (type, field) => {
  expect(typeOf(field)).toBe(type);
  expect(typeOf(z.optional(z.nullable(field)))).toBe(type);
});

test("keeps local times, which have no zone, as text", () => {
  expect(typeOf(z.iso.datetime({ local: true }))).toBe("text");
});

test("doesn't believe a format that is only described", () => {
  expect(typeOf(z.string().meta({ format: "date-time" }))).toBe("text");
});

test("lets a column be null where the schema says nullable, optional, or anything at all", () => {
  const nullability = (field: z.core.$ZodType) => {
    const column = columnOf(field);
    return { nullable: column?.nullable, absent: column?.absent };
  };

  expect(nullability(z.string())).toEqual({ nullable: false, absent: true });
  expect(nullability(z.string().default("none"))).toEqual({ nullable: false, absent: true });
  expect(nullability(z.array(z.string().nullable()))).toEqual({ nullable: false, absent: true });
  expect(nullability(z.string().optional())).toEqual({ nullable: true, absent: true });
  expect(nullability(z.string().nullable())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.string().nullish())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.bigint().nullable())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.union([z.int(), z.null()]))).toEqual({ nullable: true, absent: false });
  expect(nullability(z.enum(["a"]).nullable())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.json())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.unknown())).toEqual({ nullable: true, absent: false });
  expect(nullability(z.null())).toEqual({ nullable: true, absent: false });
});

test("gives the columns in the order of the schema, and those of the key in the order of the key", () => {
  const games = dataset("games", {
    schema: z.object({ home: z.string(), day: z.iso.date(), away: z.string() }),
    key: ["day", "home"],
  });

  expect(columnsOf(games).map((column) => column.name)).toEqual(["home", "day", "away"]);
  expect(keyColumnsOf(games).map((column) => column.name)).toEqual(["day", "home"]);
});

test.each([
  [z.date(), "z.iso.datetime()"],
  [z.date().nullable(), "z.iso.datetime()"],
  [z.object({ at: z.date() }), "z.iso.datetime()"],
  [z.string().transform(Number), ".pipe("],
  [z.union([z.string(), z.undefined()]), ".optional()"],
  [z.map(z.string(), z.string()), "z.record()"],
  [z.set(z.string()), "z.array()"],
  [z.array(z.bigint()), "part of one"],
  [z.nan(), "z.number()"],
  [z.symbol(), "plain JSON"],
  [z.instanceof(URL), "plain JSON"],
])("refuses what a table can't keep, and says what to use instead (%#)", (field, hint) => {
  expect(() => columnOf(field)).toThrow(
    expect.objectContaining({
      code: "DATASET_COLUMN_UNSUPPORTED",
      message: expect.stringContaining("dataset things: field"),
      hint: expect.stringContaining(hint),
    }),
  );
});

test.each([[z.string().nullable()], [z.string().optional()], [z.array(z.string())]])(
  "refuses a key that may be missing or is kept as JSON (%#)",
  (field) => {
    const keyed = dataset("things", { schema: z.object({ field }), key: ["field"] });

    expect(() => columnsOf(keyed)).toThrow(expect.objectContaining({ code: "DATASET_KEY_UNSUPPORTED" }));
  },
);
