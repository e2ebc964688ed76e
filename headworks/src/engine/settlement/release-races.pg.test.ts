// Tests of releases that meet a downstream which is running or being settled at that very moment.

import { expect, test } from "vitest";
import { anyOf, need, optional } from "../../define/needs.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { openWorld, pipelineOf } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";

const DAYS = 120;
const days = daily({ start: "2025-01-01", end: "2025-04-30" });
const quick = { phase: "all", partitions: days, run: () => undefined } as const;

const byPartition = (a: ClaimedTask, b: ClaimedTask) => a.partition.localeCompare(b.partition);

test("the second of two alternatives may settle while the downstream of the first settles: nobody is refused", async () => {
  const first = processor("first", { ...quick, criticality: "critical" });
  const second = processor("second", quick);
  const after = processor("after", { ...quick, needs: [anyOf(first, second)] });
  await using world = await openWorld([pipelineOf(first, second, after)], { maxConnections: 8 });
  const worker = await enlist(world);
  const firsts = await claim(world, worker, { limit: DAYS });
  const seconds = (await claim(world, worker, { limit: DAYS })).sort(byPartition);
  const settle = (tasks: readonly ClaimedTask[]) =>
    settleRuns(
      world,
      worker,
      tasks.map((task) => returned(world, task)),
    );
  await settle(firsts);
  const afters = (await claim(world, worker, { limit: DAYS })).sort(byPartition);
  expect(afters.map((task) => task.processor)).toEqual(Array.from({ length: DAYS }, () => "after"));

  // In groups of different sizes, so that they overlap in every way.
  for (let from = 0; from < DAYS; from += 12) {
    const [b, a] = [seconds.slice(from, from + 12), afters.slice(from, from + 12)];
    await Promise.all([
      settle([...b.slice(0, 6), ...a.slice(6)]),
      settle(a.slice(0, 3)),
      settle([...a.slice(3, 6), ...b.slice(6, 9)]),
      ...b.slice(9).map((task) => settle([task])),
    ]);
  }

  const statuses = "select count(*) from headworks.outputs where status = 'complete'";
  expect(await readNumber(world.db.database, statuses)).toBe(3 * DAYS);
  expect(await readNumber(world.db.database, "select count(*) from headworks.tasks")).toBe(0);
  expect(await sweepUnreleased(world.db.database, "prod")).toBe(0);
});

test("what healed while its downstream was running on less runs that one again", async () => {
  const feed = processor("feed", { ...quick, criticality: "critical" });
  const extra = processor("extra", { ...quick, criticality: "high" });
  const after = processor("after", {
    ...quick,
    needs: [need(feed, { accept: "degraded" }), optional(extra)],
  });
  await using world = await openWorld([pipelineOf(feed, extra, after)]);
  const worker = await enlist(world);
  const { database } = world.db;
  const short = { expectation: { kind: "known", range: { min: 9 } } } as const;
  const feeds = await claim(world, worker, { limit: DAYS });
  const extras = await claim(world, worker, { limit: DAYS });
  await settleRuns(
    world,
    worker,
    extras.map((task) => returned(world, task)),
  );
  await settleRuns(
    world,
    worker,
    feeds.map((task) => returned(world, task, short)),
  );
  await database.query("update headworks.tasks set state = 'ready', due_at = now() where state = 'waiting'");
  const rechecks = (await claim(world, worker, { limit: DAYS })).sort(byPartition);
  const afters = (await claim(world, worker, { limit: DAYS })).sort(byPartition);
  expect([rechecks[0]?.processor, afters[0]?.processor]).toEqual(["feed", "after"]);

  await Promise.all(
    rechecks.map(async (task, index) => {
      const downstream = afters[index];
      if (downstream === undefined) throw new Error("no downstream");
      const heal = () => settleRuns(world, worker, [returned(world, task)]);
      const end = () => settleRuns(world, worker, [returned(world, downstream)]);
      if (index % 3 === 0) await heal().then(end);
      else if (index % 3 === 1) await end().then(heal);
      else await Promise.all([heal(), end()]);
    }),
  );

  const again = await claim(world, worker, { limit: DAYS });
  expect(again.map((task) => task.processor)).toEqual(afters.map(() => "after"));
  await settleRuns(
    world,
    worker,
    again.map((task) => returned(world, task)),
  );
  expect(await readNumber(database, "select count(*) from headworks.outputs where status = 'complete'")).toBe(
    3 * DAYS,
  );
  expect(await readNumber(database, "select count(*) from headworks.tasks")).toBe(0);
});
