// Tests of runs that change nothing: those that needn't be made, and those that are made twice.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { pipelineOf, type RunningEngine, startEngine } from "../../testing/engine.ts";
import { readOutcomes, readRuns } from "../../testing/engine-ledger.ts";

const scores = dataset("scores", { schema: z.object({ id: z.int(), points: z.int() }), key: ["id"] });
const table = dataset("standings", { schema: z.object({ id: z.int(), sum: z.int() }), key: ["id"] });

/** A feed, and standings that read nothing but it; counts the calls of both. */
function league() {
  const calls = { feed: 0, standings: 0 };
  const given = { points: 7 };
  const feed = processor("feed", {
    phase: "all",
    output: scores,
    async run(ctx) {
      calls.feed += 1;
      await ctx.write(scores, [{ id: 1, points: given.points }]);
    },
  });
  const standings = processor("standings", {
    phase: "all",
    needs: [feed],
    output: table,
    async run(ctx) {
      calls.standings += 1;
      const rows = await ctx.read(scores).rows();
      await ctx.write(
        table,
        rows.map(({ id, points }) => ({ id, sum: points })),
      );
    },
  });
  return { calls, given, pipeline: pipelineOf(feed, standings) };
}

async function runAgain(engine: RunningEngine, name: string, how: { forced?: boolean } = {}) {
  const before = engine.settled.length;
  await engine.request(name, "all", how);
  return engine.untilRun(name, "all", (run) => engine.settled.indexOf(run) >= before);
}

test("a reader of datasets that would read the same again settles unchanged, without being called", async () => {
  const { calls, pipeline } = league();
  await using engine = await startEngine([pipeline]);
  await engine.untilSettled();
  const before = await engine.output("standings");

  const again = await runAgain(engine, "standings");

  expect(again.settlement).toMatchObject({
    outcome: "success",
    reason: "unchanged",
    task: { to: "deleted" },
  });
  expect(calls.standings).toBe(1);
  expect(await engine.output("standings")).toEqual(before);
});

test("it runs when it is forced, when its upstream has other rows, and when the code is another", async () => {
  const { calls, given, pipeline } = league();
  await using engine = await startEngine([pipeline]);
  await engine.untilSettled();

  await runAgain(engine, "standings", { forced: true });
  expect(calls.standings).toBe(2);

  await runAgain(engine, "feed", { forced: true });
  expect((await runAgain(engine, "standings")).settlement.reason).toBe("unchanged");

  given.points = 8;
  await runAgain(engine, "feed", { forced: true });
  expect((await runAgain(engine, "standings")).counts).toEqual({
    inserted: 0,
    updated: 1,
    unchanged: 0,
    removed: 0,
  });
  expect(calls.standings).toBe(3);
  await engine.stop();

  await using deployed = await startEngine([pipeline], { database: engine.db, codeVersion: "v2" });
  await runAgain(deployed, "standings");
  expect(calls.standings).toBe(4);
});

test("who fetches runs every time it is asked for, since nobody knows what it would fetch", async () => {
  const { calls, pipeline } = league();
  await using engine = await startEngine([pipeline]);
  await engine.untilSettled();

  await runAgain(engine, "feed");

  expect(calls.feed).toBe(2);
  expect(await readOutcomes(engine.db.database, "feed")).toEqual(["success", "success"]);
});

test("everything run twice changes no row", async () => {
  const days = daily({ start: "2024-01-01", end: "2024-01-10" });
  const daysOf = dataset("days", {
    schema: z.object({ day: z.string(), game: z.int() }),
    key: ["day", "game"],
  });
  const perDay = processor("per_day", {
    phase: "all",
    partitions: days,
    output: daysOf,
    async run(ctx) {
      await ctx.write(
        daysOf,
        [0, 1, 2].map((game) => ({ day: ctx.partition, game })),
      );
    },
  });
  const { pipeline } = league();
  await using engine = await startEngine([pipelineOf(perDay, ...pipeline.processors)]);
  await engine.untilSettled();
  const firstRuns = (await readRuns(engine.db.database)).length;
  const rows = async () =>
    (await engine.db.database.query("select * from prod.days order by day, game")).rows.map(
      ({ _run, ...row }) => row,
    );
  const before = await rows();

  for (const { run } of [...engine.settled])
    await engine.request(run.task.processor, run.task.partition, { forced: true });
  await engine.untilSettled();

  const again = (await readRuns(engine.db.database)).slice(firstRuns);
  expect(again).toHaveLength(12);
  expect(again.map((run) => run.rows_inserted + run.rows_updated + run.rows_removed)).toEqual(
    again.map(() => 0),
  );
  expect(again.map((run) => run.outcome)).toEqual(again.map(() => "success"));
  expect(await rows()).toEqual(before);
});
