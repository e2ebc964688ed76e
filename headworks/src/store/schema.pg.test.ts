// Holds schema.sql, where the whole schema is read in one place, to what the migrations make.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { schemaText } from "../testing/schema-text.ts";

const written = readFileSync(new URL("schema.sql", import.meta.url), "utf8");

test("schema.sql is what the migrations make (npm run schema:sql writes it)", async () => {
  await using db = await createTestDatabase();

  expect(await schemaText(db.database)).toBe(written);
});

test.each([
  ["a column", "alter table headworks.queues add column note text"],
  ["a default", "alter table headworks.queues alter column tokens set default 1"],
  ["a rule", "alter table headworks.queues add check (rate < 1000)"],
  ["an index", "create index on headworks.runs (worker_id)"],
  ["a storage parameter", "alter table headworks.tasks set (fillfactor = 90)"],
  ["a function", "drop function headworks.drop_week"],
  ["a view", "drop view headworks.v_schedules"],
])("%s that differs is seen", async (_what, change) => {
  await using db = await createTestDatabase();
  await db.database.query(change);

  expect(await schemaText(db.database)).not.toBe(written);
});
