// Tests of planning: twice is once, of any age, with needs and processors that change, and beside settlements that go on.

import { Temporal } from "temporal-polyfill";
import { expect, test, vi } from "vitest";
import { need } from "../../define/needs.ts";
import { daily, dynamic, monthly } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { processorNamed } from "../../define/registry.ts";
import { type Database, transaction } from "../../store/database.ts";
import { findCodeVersion } from "../../store/queue/registry.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { untilSomebodyWaits } from "../../testing/database-activity.ts";
import { openWorld, pipelineOf, startEngine } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns, settlerOf } from "../../testing/engine-claims.ts";
import { readLedger, readNumber } from "../../testing/engine-ledger.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";
import { decideHeld, settleLocked } from "../settlement/settle.ts";
import { planAndRelease, planOpenSlices } from "./planner.ts";
import { registerAndPlan } from "./registration.ts";

const nothing = () => undefined;
const days = daily({ start: "2024-01-01", end: "2024-02-29" });

/** All that a plan writes. */
async function planned(database: Database) {
  const rows = async (query: string) => (await database.query(query)).rows;
  return {
    outputs: await rows(
      "select id, processor, partition, status, opens_at, expected_by from headworks.outputs order by id",
    ),
    edges: await rows("select * from headworks.edges order by 1, 2, 3, 4, 8"),
    tasks: await rows("select id, output_id, state, queue, priority from headworks.tasks order by id"),
  };
}

async function edgesOf(database: Database, name: string): Promise<string[]> {
  const found = await database.query<{ edge: string }>(
    `select d.partition || ' < ' || u.processor || '[' || u.partition || ']' as edge from headworks.edges e
     join headworks.outputs d on d.id = e.downstream_id join headworks.outputs u on u.id = e.upstream_id
     where d.processor = $1 order by 1`,
    [name],
  );
  return found.rows.map((row) => row.edge);
}

test("planning twice changes nothing", async () => {
  const feed = processor("feed", { phase: "all", partitions: days, run: nothing });
  const months = processor("months", {
    phase: "all",
    partitions: monthly({ start: "2024-01-01", end: "2024-02-29" }),
    needs: [feed],
    expectedBy: { days: 1, at: "03:00" },
    run: nothing,
  });
  await using world = await openWorld([pipelineOf(feed, months)]);
  const { database } = world.db;
  const before = await planned(database);

  const again = await registerAndPlan(database, world.registry, "v1", "prod");

  expect(again).toEqual({ needsChanged: [], retired: [], retiredSchedules: [], outputs: 0, released: 0 });
  expect(await planned(database)).toEqual(before);
  expect(before.outputs).toHaveLength(60 + 2);
  expect(before.edges).toHaveLength(60);
  expect(before.tasks).toHaveLength(60);
});

test("whatever is missing is planned, however old, and what opens later once it opens", async () => {
  const old = processor("old", { phase: "all", partitions: daily({ start: "2009-10-27" }), run: nothing });
  await using world = await openWorld([pipelineOf(old)]);
  const { database } = world.db;
  await database.query("delete from headworks.tasks where partition = '2010-01-01'");
  await database.query("delete from headworks.outputs where partition = '2010-01-01'");
  const inTwoDays = Temporal.Now.instant().add({ hours: 48 });

  const outputs = await readNumber(database, "select count(*) from headworks.outputs");
  const later = await planOpenSlices(database, world.registry, "prod", inTwoDays, new Set());

  expect(outputs).toBeGreaterThan(5_000);
  expect(later).toEqual({ outputs: 3, released: 3 });
  expect(await readNumber(database, "select count(*) from headworks.tasks where state = 'scheduled'")).toBe(
    2,
  );
});

test("what needs nothing has its task with it: scheduled until it opens, by its processor's queue, and none once that is retired", async () => {
  const feed = processor("feed", { phase: "all", partitions: days, run: nothing });
  await using world = await openWorld([pipelineOf(feed)]);
  const { database } = world.db;
  const slices = ["2999-03-09", "2999-03-10"].map((key) => ({
    processor: processorNamed(world.registry, "feed"),
    key,
  }));
  const plan = () =>
    transaction(database, (connection) =>
      planAndRelease(connection, world.registry, "prod", slices, Temporal.Now.instant()),
    );

  expect(await plan()).toEqual({ outputs: 2, released: 2 });
  expect(await plan()).toEqual({ outputs: 0, released: 0 });
  const tasks = await database.query(
    `select t.partition, t.state, t.queue, t.due_at = o.opens_at and o.opens_at = (t.partition::date + 1)::timestamptz as at_opening
     from headworks.tasks t join headworks.outputs o on o.id = t.output_id where t.partition > '2999' order by 1`,
  );
  const waiting = { state: "scheduled", queue: "default", at_opening: true };
  expect(tasks.rows).toEqual(slices.map(({ key }) => ({ partition: key, ...waiting })));

  await database.query("delete from headworks.tasks");
  await database.query("delete from headworks.outputs");
  await database.query("update headworks.processors set retired_at = now()");
  expect(await plan()).toEqual({ outputs: 2, released: 0 });
});

test("a plan that was made is remembered: the next one looks only at what has opened since", async () => {
  const feed = processor("feed", { phase: "all", partitions: days, run: nothing });
  await using world = await openWorld([pipelineOf(feed)]);
  const { database } = world.db;
  const known = new Set<string>();
  const plan = () => planOpenSlices(database, world.registry, "prod", Temporal.Now.instant(), known);

  await plan();
  await database.query("delete from headworks.tasks");
  await database.query("delete from headworks.outputs");

  expect(await plan()).toEqual({ outputs: 0, released: 0 });
  expect(known.size).toBe(60);
});

test("a need that is new is an edge of all that is unsettled, its upstream is planned, and what was ready waits for it", async () => {
  const feed = processor("feed", { phase: "all", partitions: days, run: nothing });
  const after = (...needs: Parameters<typeof need>[0][]) =>
    processor("after", {
      phase: "all",
      partitions: days,
      needs: needs.map((each) => need(each)),
      run: nothing,
    });
  const extra = processor("extra", { phase: "all", partitions: days, run: nothing });
  await using before = await openWorld([pipelineOf(feed, after())]);
  const { database } = before.db;
  const worker = await enlist(before);
  const done = (await claim(before, worker, { limit: 1_000 })).filter(
    ({ partition }) => partition < "2024-01-11",
  );
  await settleRuns(
    before,
    worker,
    done.map((task) => returned(before, task)),
  );
  await database.query("update headworks.tasks set state = 'ready', worker_id = null, run_id = null");

  await using changed = await openWorld([pipelineOf(feed, extra, after(feed, extra))], {
    database: before.db,
    codeVersion: "v2",
  });

  const edges = await edgesOf(database, "after");
  expect(edges).toHaveLength(2 * 50);
  expect(edges.slice(0, 2)).toEqual(["2024-01-11 < extra[2024-01-11]", "2024-01-11 < feed[2024-01-11]"]);
  const ready = await database.query("select processor, count(*) from headworks.tasks group by 1 order by 1");
  expect(ready.rows).toEqual([
    { processor: "extra", count: 60 },
    { processor: "feed", count: 50 },
  ]);
  expect((await readLedger(database))["after[2024-01-05]"]).toBe("complete");
  expect(await sweepUnreleased(changed.db.database, "prod")).toBe(0);
});

test("a need that is gone releases what waited for it", async () => {
  const feed = processor("feed", { phase: "all", run: nothing });
  const after = (needs: readonly (typeof feed)[]) =>
    processor("after", { phase: "all", needs, run: nothing });
  await using before = await openWorld([pipelineOf(feed, after([feed]))]);
  expect(await readLedger(before.db.database)).toMatchObject({ "after[all]": "expected" });

  await using changed = await openWorld([pipelineOf(feed, after([]))], {
    database: before.db,
    codeVersion: "v2",
  });

  expect(await readLedger(changed.db.database)).toMatchObject({ "after[all]": "expected / ready" });
});

test("an upstream that is partitioned anew is needed by its new partitions", async () => {
  const feed = (partitions: typeof days | undefined) =>
    processor("feed", { phase: "all", ...(partitions && { partitions }), run: nothing });
  const after = processor("after", {
    phase: "all",
    partitions: daily({ start: "2024-01-01", end: "2024-01-02" }),
    needs: ["feed"],
    run: nothing,
  });
  await using before = await openWorld([pipelineOf(feed(undefined), after)]);
  expect(await edgesOf(before.db.database, "after")).toEqual([
    "2024-01-01 < feed[all]",
    "2024-01-02 < feed[all]",
  ]);

  await using changed = await openWorld([pipelineOf(feed(days), after)], {
    database: before.db,
    codeVersion: "v2",
  });

  expect(await edgesOf(changed.db.database, "after")).toEqual([
    "2024-01-01 < feed[2024-01-01]",
    "2024-01-02 < feed[2024-01-02]",
  ]);
});

test("a processor that is gone is retired: its tasks are cancelled, also the one that was running", async () => {
  const kept = processor("kept", { phase: "all", run: nothing });
  const gone = processor("gone", {
    phase: "all",
    criticality: "critical",
    partitions: daily({ start: "2024-01-01", end: "2024-01-09" }),
    run: nothing,
  });
  await using before = await openWorld([pipelineOf(kept, gone)]);
  const worker = await enlist(before);
  const [running] = await claim(before, worker, { limit: 1 });
  if (running === undefined) throw new Error("nothing was claimed");

  await using engine = await startEngine([pipelineOf(kept)], { database: before.db, codeVersion: "v2" });
  await engine.untilRun("kept", "all");
  const { database } = engine.db;
  const left = () => readNumber(database, "select count(*) from headworks.tasks");
  expect(await left()).toBe(1);
  await settleRuns(before, worker, [
    returned(before, running, { report: { kind: "abandoned", alone: false } }),
  ]);

  await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
  const retired = await database.query("select name from headworks.processors where retired_at is not null");
  expect(retired.rows).toEqual([{ name: "gone" }]);
  expect(engine.warnings).toEqual([]);
});

test("a processor that comes back is expected again where it was left", async () => {
  const kept = processor("kept", { phase: "all", run: nothing });
  const back = processor("back", { phase: "all", run: nothing });
  await using first = await openWorld([pipelineOf(kept, back)]);
  await using second = await openWorld([pipelineOf(kept)], { database: first.db, codeVersion: "v2" });
  expect(await readLedger(second.db.database)).toEqual({
    "back[all]": "expected",
    "kept[all]": "expected / ready",
  });

  await using third = await startEngine([pipelineOf(kept, back)], { database: first.db, codeVersion: "v3" });
  await third.untilRun("back", "all");

  expect(await third.output("back")).toMatchObject({ status: "complete" });
});

test("an engine of an older code version plans nothing and claims nothing", async () => {
  const feed = processor("feed", { phase: "all", run: nothing });
  const later = processor("later", { phase: "all", run: nothing });
  await using old = await openWorld([pipelineOf(feed, later)]);
  const worker = await enlist(old);
  await using current = await openWorld([pipelineOf(feed)], { database: old.db, codeVersion: "v2" });
  const { database } = current.db;
  await database.query("delete from headworks.outputs where processor = 'later'");

  const plan = await planOpenSlices(database, old.registry, "prod", Temporal.Now.instant(), new Set(), "v1");

  expect(plan).toEqual({ outputs: 0, released: 0 });
  expect(await claim(old, worker)).toEqual([]);
  expect(await claim(current, await enlist(current))).toHaveLength(1);
  expect(await findCodeVersion(database, "prod")).toBe("v2");
});

test("planners at once make one plan", async () => {
  await using db = await createTestDatabase();
  const feed = processor("feed", { phase: "all", partitions: days, run: nothing });
  const after = processor("after", { phase: "all", partitions: days, needs: [feed], run: nothing });

  const worlds = await Promise.all(
    Array.from({ length: 4 }, () => openWorld([pipelineOf(feed, after)], { database: db })),
  );

  const plan = await planned(db.database);
  expect([plan.outputs.length, plan.edges.length, plan.tasks.length]).toEqual([120, 60, 60]);
  for (const world of worlds) await world[Symbol.asyncDispose]();
});

test("what is planned while its upstream settles is released, and not left to the sweep", async () => {
  const games = dynamic("games");
  const season = processor("season", { phase: "all", discovers: games, run: nothing });
  const boxes = processor("boxes", { phase: "all", partitions: games, needs: [season], run: nothing });
  const summary = processor("summary", { phase: "all", needs: [boxes], run: nothing });
  await using world = await openWorld([pipelineOf(season, boxes, summary)]);
  const { database } = world.db;
  const worker = await enlist(world);
  const discovered = new Map([["games", [{ key: "a", parent: "all" }]]]);
  const [first] = await claim(world, worker);
  if (first === undefined) throw new Error("nothing was claimed");
  await settleRuns(world, worker, [returned(world, first, { discovered })]);
  const [game] = await claim(world, worker);
  if (game === undefined) throw new Error("nothing was claimed");
  await database.query(
    "delete from headworks.edges where downstream_id in (select id from headworks.outputs where processor = 'summary')",
  );
  await database.query("delete from headworks.outputs where processor = 'summary'");

  // The settlement is written, and not yet committed, when the planner looks.
  let planning: Promise<unknown> | undefined;
  await transaction(database, async (connection) => {
    const settler = settlerOf(world, worker);
    await settleLocked(connection, settler, [decideHeld(settler, returned(world, game))]);
    const known = new Set(["season all", "boxes a"]);
    planning = planOpenSlices(database, world.registry, "prod", Temporal.Now.instant(), known);
    await Promise.race([planning, untilSomebodyWaits(database)]);
  });
  await planning;

  expect(await readLedger(database)).toMatchObject({
    "boxes[a]": "complete",
    "summary[all]": "expected / ready",
  });
  expect(await sweepUnreleased(database, "prod")).toBe(0);
});

test("planners and settlements at once leave nothing to the sweep either", async () => {
  const quarter = daily({ start: "2024-01-01", end: "2024-03-31" });
  const feed = processor("feed", { phase: "all", partitions: quarter, run: nothing });
  const after = processor("after", { phase: "all", partitions: quarter, needs: [feed], run: nothing });
  await using before = await openWorld([pipelineOf(feed)]);
  const worker = await enlist(before);
  const tasks = await claim(before, worker, { limit: 1_000 });

  const settling = (async () => {
    for (const task of tasks) await settleRuns(before, worker, [returned(before, task)]);
  })();
  const planning = openWorld([pipelineOf(feed, after)], { database: before.db, codeVersion: "v2" });
  const [changed] = await Promise.all([planning, settling]);

  const { database } = before.db;
  expect(await readNumber(database, "select count(*) from headworks.tasks where processor = 'after'")).toBe(
    91,
  );
  expect(await sweepUnreleased(database, "prod")).toBe(0);
  await changed[Symbol.asyncDispose]();
});
