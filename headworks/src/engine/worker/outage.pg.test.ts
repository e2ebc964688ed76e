// Tests of the engine when the database drops its connections: everything completes, and nothing twice.

import { expect, inject, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { openDatabase } from "../../store/database.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readOutcomes, readRuns } from "../../testing/engine-ledger.ts";
import { openProxy } from "../../testing/proxy.ts";

const year = daily({ start: "2024-01-01", end: "2024-05-29" });
const days = dataset("days", { schema: z.object({ day: z.string() }), key: ["day"] });
const patient = { ...eager, maxAttempts: 1_000 };

test("a database that terminates every backend, again and again, loses no task and runs none to its end twice", async () => {
  const first = processor("first", {
    phase: "all",
    partitions: year,
    queue: patient,
    output: days,
    async run(ctx) {
      await ctx.write(days, [{ day: ctx.partition }]);
    },
  });
  const second = processor("second", {
    phase: "all",
    partitions: year,
    queue: patient,
    needs: [first],
    async run(ctx) {
      if ((await ctx.read(days).count({ day: ctx.partition })) !== 1) throw new Error("the day isn't there");
    },
  });
  await using engine = await startEngine([pipelineOf(first, second)], { concurrency: 16 });
  const admin = openDatabase({ url: inject("postgresUrl"), role: "tests", maxConnections: 1 });
  const name = new URL(engine.db.url).pathname.slice(1);
  const terminate = () =>
    admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name <> 'headworks tests'",
      [name],
    );

  for (const day of ["2024-01-05", "2024-01-20", "2024-02-10", "2024-03-01", "2024-04-15"]) {
    await engine.untilRun("first", day);
    await terminate();
  }
  await engine.untilRun("second", "2024-03-15");
  await terminate();
  await engine.untilSettled();
  await admin.end();

  const { database } = engine.db;
  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  expect(await readNumber(database, "select count(*) from prod.days")).toBe(150);
  const succeeded = (await readRuns(database)).filter((run) => run.outcome === "success");
  expect(succeeded).toHaveLength(300);
  expect(new Set(succeeded.map((run) => `${run.processor} ${run.partition}`)).size).toBe(300);
}, 60_000);

test("tasks of a claim whose answer got lost are given back, and run", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  const gate = processor("gate", { phase: "all", run: () => undefined });
  const after = processor("after", { phase: "all", partitions: year, needs: [gate], run: () => undefined });
  const lost = proxy.loseAnswerTo("claimFromOpenQueue");
  await using engine = await startEngine([pipelineOf(gate, after)], {
    database: { ...db, url: proxy.url },
  });

  await lost;
  await engine.untilRun("after", "2024-05-29");
  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  const runs = await readRuns(db.database);
  expect(runs).toHaveLength(151);
  expect(runs.every((run) => run.attempt === 1)).toBe(true);
});

test("a settlement whose answer got lost is not done again", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  let runs = 0;
  let lost: Promise<void> | undefined;
  const once = processor("once", {
    phase: "all",
    output: days,
    async run(ctx) {
      runs += 1;
      lost = proxy.loseAnswerTo("commit");
      await ctx.write(days, [{ day: "today" }]);
    },
  });
  const after = processor("after", { phase: "all", needs: [once], run: () => undefined });
  await using engine = await startEngine([pipelineOf(once, after)], { database: { ...db, url: proxy.url } });

  await engine.untilRun("after", "all");
  await lost;
  await engine.untilSettled();

  expect(runs).toBe(1);
  expect(await readOutcomes(db.database, "once")).toEqual(["success"]);
  expect(await readOutcomes(db.database, "after")).toEqual(["success"]);
});
