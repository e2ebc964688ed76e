// Tests of an engine whose database is read-only, or away, for a while: no run is to blame for that.

import { setImmediate } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { openDatabase } from "../../store/database.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readRuns } from "../../testing/engine-ledger.ts";
import { openProxy } from "../../testing/proxy.ts";

const once = { ...eager, maxAttempts: 1 };
const days = dataset("days", { schema: z.object({ day: z.string() }), key: ["day"] });
const four = daily({ start: "2026-01-01", end: "2026-01-04" });

test("runs that end while the database is read-only settle afterward, with their rows and their only attempt", async () => {
  const allStarted = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  let started = 0;
  const writer = processor("writer", {
    phase: "all",
    partitions: four,
    queue: once,
    output: days,
    async run(ctx) {
      started += 1;
      if (started === 4) allStarted.resolve();
      await mayEnd.promise;
      await ctx.write(days, [{ day: ctx.partition }]);
    },
  });
  await using engine = await startEngine([pipelineOf(writer)]);
  const admin = openDatabase({ url: inject("postgresUrl"), role: "tests", maxConnections: 1 });
  const name = new URL(engine.db.url).pathname.slice(1);
  await allStarted.promise;

  await admin.query(`alter database ${name} set default_transaction_read_only = on`);
  const others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
  await admin.query(others, [name]);
  mayEnd.resolve();
  while (!engine.warnings.some((warning) => /a settlement failed.*read-only/.test(warning)))
    await setImmediate();
  await admin.query(`alter database ${name} reset default_transaction_read_only`);
  await admin.end();
  for (let day = 1; day <= 4; day += 1) await engine.untilRun("writer", `2026-01-0${day}`);
  await engine.untilSettled();

  expect(started).toBe(4);
  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  expect(await readNumber(engine.db.database, "select count(*) from prod.days")).toBe(4);
}, 60_000);

test("a handler's read is asked again while the database is away, and the run goes on", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  const counts: number[] = [];
  const writer = processor("writer", {
    phase: "all",
    output: days,
    run: (ctx) => ctx.write(days, [{ day: "today" }]).then(() => undefined),
  });
  const reader = processor("reader", {
    phase: "all",
    needs: [writer],
    queue: once,
    async run(ctx) {
      counts.push(await ctx.read(days).count());
      proxy.cut();
      const counting = ctx.read(days).count();
      setTimeout(() => proxy.fix(), 1_000);
      counts.push(await counting);
    },
  });
  await using engine = await startEngine([pipelineOf(writer, reader)], {
    database: { ...db, url: proxy.url },
  });

  await engine.untilRun("reader", "all");

  expect(counts).toEqual([1, 1]);
  expect((await readRuns(db.database)).map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ["success", 1],
    ["success", 1],
  ]);
}, 60_000);

test("a run whose time is over while the database is away is given back, and uses no attempt", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  let tries = 0;
  const writer = processor("writer", {
    phase: "all",
    output: days,
    run: (ctx) => ctx.write(days, [{ day: "today" }]).then(() => undefined),
  });
  const reader = processor("reader", {
    phase: "all",
    needs: [writer],
    queue: once,
    hardTimeout: "1s",
    async run(ctx) {
      tries += 1;
      if (tries > 1) return;
      proxy.cut();
      await ctx
        .read(days)
        .count()
        .finally(() => proxy.fix());
    },
  });
  await using engine = await startEngine([pipelineOf(writer, reader)], {
    database: { ...db, url: proxy.url },
  });

  await engine.untilRun("reader", "all", ({ settlement }) => settlement.outcome === "success");

  const runs = (await readRuns(db.database)).filter((run) => run.processor === "reader");
  expect(runs.map(({ outcome, attempt_used }) => [outcome, attempt_used])).toEqual([
    ["error", false],
    ["success", true],
  ]);
}, 60_000);
