// Tests that an engine makes room by itself, by the ages of its configuration.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { weekOf } from "../../domain/retention.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber } from "../../testing/engine-ledger.ts";

test("an engine that starts drops the weeks that are old, and tells of it in the events", async () => {
  await using db = await createTestDatabase();
  const week = new Date(weekOf(Date.now() - 200 * 86_400_000)).toISOString().slice(0, 10);
  await db.database.query(`select headworks.make_week('run_logs', '${week}')`);
  const name = `run_logs_${week.replaceAll("-", "")}`;
  const there = `select count(*) from pg_class where relname = '${name}'`;
  expect(await readNumber(db.database, there)).toBe(1);

  await using _engine = await startEngine(
    [pipelineOf(processor("teams", { phase: "all", async run() {} }))],
    {
      database: db,
    },
  );

  await expect.poll(() => readNumber(db.database, there), { timeout: 60_000 }).toBe(0);
  const told =
    "select count(*) from headworks.events where kind = 'retention.dropped' and subject = 'run_logs'";
  await expect.poll(() => readNumber(db.database, told), { timeout: 60_000 }).toBe(1);
});
