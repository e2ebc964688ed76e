// Tests of arrays as PostgreSQL reads them: they come back as they were.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { numberArray, textArray } from "./arrays.ts";

const text = fc.oneof(
  fc.constantFrom("", "null", "NULL", "a,b", 'a"b', "a\\b", "{a}", " a ", "00-4bf92f35-01"),
  fc.string().map((each) => each.replaceAll("\0", "")),
);

test("texts and numbers come back as they were", async () => {
  await using db = await createTestDatabase();
  const values = fc.record({
    texts: fc.array(fc.option(text)),
    numbers: fc.array(fc.option(fc.integer())),
  });
  await fc.assert(
    fc.asyncProperty(values, async ({ texts, numbers }) => {
      const { rows } = await db.database.query(
        "select to_json($1::text[]) as texts, to_json($2::int4[]) as numbers",
        [textArray(texts), numberArray(numbers)],
      );
      expect(rows).toEqual([{ texts, numbers }]);
    }),
  );
});
