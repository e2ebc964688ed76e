// What a run writes is what is counted, kept and read: equal values are one key, and no value changes on its way.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { processor } from "../../define/processor.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber } from "../../testing/engine-ledger.ts";

const odds = dataset("odds", {
  schema: z.object({ at: z.iso.datetime({ offset: true }), price: z.int(), extra: z.any().optional() }),
  key: ["at"],
});

test("two spellings of one instant are one record, so an expectation of two isn't met", async () => {
  const writer = processor("writer", {
    phase: "all",
    output: odds,
    expect: 2,
    run: (ctx) =>
      ctx
        .write(odds, [
          { at: "2026-01-14T05:00:00Z", price: 1 },
          { at: "2026-01-14T00:00:00-05:00", price: 2 },
        ])
        .then(() => undefined),
  });
  await using engine = await startEngine([pipelineOf(writer)]);

  await engine.untilRun("writer", "all");

  expect(await engine.output("writer")).toMatchObject({ status: "degraded", reason: "below_expected" });
  expect(await readNumber(engine.db.database, "select records from headworks.outputs")).toBe(1);
  expect(await readNumber(engine.db.database, "select count(*) from prod.odds where price = 2")).toBe(1);
  const warned = await engine.db.database.query(
    "select fields from headworks.run_logs where severity = 'WARNING'",
  );
  expect(warned.rows).toEqual([{ fields: { rows: 1, first_key: "2026-01-14T05:00:00.000Z" } }]);
});

test("instants that differ by microseconds are read back as they were written, and found by them", async () => {
  const read: unknown[] = [];
  const writer = processor("writer", {
    phase: "all",
    output: odds,
    async run(ctx) {
      await ctx.write(odds, [
        { at: "2026-01-14T05:00:00.123456Z", price: 1 },
        { at: "2026-01-14T05:00:00.123789Z", price: 2 },
      ]);
    },
  });
  const reader = processor("reader", {
    phase: "all",
    needs: [writer],
    async run(ctx) {
      for (const row of await ctx.read(odds).rows())
        read.push(row, ...(await ctx.read(odds).rows({ at: row.at })));
    },
  });
  await using engine = await startEngine([pipelineOf(writer, reader)]);

  await engine.untilSettled();

  const first = expect.objectContaining({ at: "2026-01-14T05:00:00.123456Z", price: 1 });
  const second = expect.objectContaining({ at: "2026-01-14T05:00:00.123789Z", price: 2 });
  expect(read).toEqual([first, first, second, second]);
});

test("a value that JSON would make null of is a rejected row, with its path", async () => {
  const writer = processor("writer", {
    phase: "all",
    output: odds,
    queue: eager,
    async run(ctx) {
      await ctx.write(odds, [{ at: "2026-01-14T05:00:00Z", price: 1, extra: { home: Number.NaN } }]);
    },
  });
  await using engine = await startEngine([pipelineOf(writer)]);

  await engine.untilSettled();

  expect(await engine.output("writer")).toMatchObject({ status: "failed", reason: "rows_rejected" });
  const { rows } = await engine.db.database.query("select error, row from headworks.rejected_rows");
  expect(rows).toEqual([
    {
      error: "extra: .home: NaN can't be kept as JSON",
      row: { at: "2026-01-14T05:00:00Z", price: 1, extra: { home: "NaN" } },
    },
  ]);
});

test("large rows are staged as they come, by their size and not by their number", async () => {
  const pages = dataset("pages", { schema: z.object({ id: z.int(), html: z.string() }), key: ["id"] });
  const html = "x".repeat(400_000);
  const ids = Array.from({ length: 60 }, (_, id) => id);
  const writer = processor("writer", {
    phase: "all",
    output: pages,
    async run(ctx) {
      await ctx.write(
        pages,
        ids.map((id) => ({ id, html })),
      );
    },
  });
  await using engine = await startEngine([pipelineOf(writer)]);

  const { run } = await engine.untilRun("writer", "all");
  await engine.untilSettled();

  const written = run.written.get("pages");
  const held = written?.rows.reduce((characters, row) => characters + row.length, 0) ?? 0;
  expect(held).toBeLessThan(9_000_000);
  expect((written?.staged ?? 0) + (written?.rows.length ?? 0)).toBe(60);
  const whole = "select count(*) from prod.pages where length(html) = 400000";
  expect(await readNumber(engine.db.database, whole)).toBe(60);
});
