// Tests that a merge reads of a dataset what its runs wrote, also by a plan that was made while the dataset was small.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { asRunner, scansOfWholeTables } from "../plan-scans.fixture.ts";
import { createTable, deleteMarked, mergeStatement, tableOf } from "./sql.ts";

const points = dataset("points", {
  schema: z.object({ day: z.string(), n: z.int(), text: z.string() }),
  key: ["day", "n"],
});
const table = tableOf("prod", points);
const BOUNDS = { points: /\b(day|_partition)\b/ };

test.each([
  ["a merge", mergeStatement(table, false), ["_uuid", "_text", "_text", "json"]],
  ["a merge of staged rows", mergeStatement(table, true), ["_uuid", "_text", "_text", "json", "text"]],
  ["the end of marked rows", deleteMarked(table), ["_text", "_text"]],
])("%s reads no whole dataset, nor a whole index of it", async (name, text, params) => {
  await using db = await createTestDatabase();
  for (const statement of createTable(table)) await db.database.query(statement);
  await db.database.query(
    `insert into prod.points select 'd' || n % 5, n, 'x', 'a', 'd' || n % 5, gen_random_uuid(), 'h' || n
     from generate_series(1, 100) as n`,
  );
  await db.database.query("analyze prod.points");

  const scans = await asRunner(db, (connection) =>
    scansOfWholeTables(connection, { name, text, params }, BOUNDS),
  );

  expect(scans).toEqual([]);
});
