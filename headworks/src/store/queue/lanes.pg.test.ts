// Tests of lanes on a real database: what live is kept, what a lane's rate grants, and several claimers at once.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { type QueueOptions, queue } from "../../define/queue.ts";
import { uuidv7 } from "../../engine/ids.ts";
import { untilSomebodyWaits } from "../../testing/database-activity.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { transaction } from "../database.ts";
import { claimFromLanes } from "./lanes.ts";
import { promoteDueTasks } from "./tasks.ts";
import { addTasks, findOutputs, listTasks } from "./tasks-by-hand.ts";

const month = daily({ start: "2026-01-01", end: "2026-01-30" });
const laned = (options: QueueOptions) =>
  pipelineOf(
    processor("days", {
      phase: "all",
      partitions: month,
      queue: queue("laned", options),
      run: () => undefined,
    }),
  );

/** Puts all but the first ten days into the lane. */
async function fill(world: World, lane: string): Promise<void> {
  const { database } = world.db;
  const names = Array.from({ length: 20 }, (_, index) => `2026-01-${index + 11}`);
  const outputs = await findOutputs(database, "prod", "days", names);
  const ids = outputs.map((each) => each.id);
  await transaction(database, (connection) => addTasks(connection, ids, { delayMs: 0, everyMs: 0, lane }));
}

const running = (world: World, lane: string) =>
  readNumber(
    world.db.database,
    `select count(*)::int from headworks.tasks where state = 'running' and lane = '${lane}'`,
  );

test("other lanes leave a slot to live however much they have, and live may use them all", async () => {
  await using world = await openWorld([
    laned({ maxConcurrentDispatches: 4, lanes: { backfill: { weight: 9 } } }),
  ]);
  const worker = await enlist(world);
  await world.db.database.query(
    "update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 day'",
  );
  await fill(world, "backfill");
  expect(await claim(world, worker, { queue: "laned" })).toHaveLength(3);
  expect(await claim(world, worker, { queue: "laned" })).toEqual([]);

  await world.db.database.query("update headworks.tasks set state = 'ready' where state = 'scheduled'");
  expect(await claim(world, worker, { queue: "laned" })).toHaveLength(1);
  expect(await running(world, "live")).toBe(1);
  expect(await running(world, "backfill")).toBe(3);
});

test("claims are shared by weight", async () => {
  await using world = await openWorld([laned({ lanes: { live: { weight: 3 }, backfill: {} } })]);
  const worker = await enlist(world);
  await fill(world, "backfill");
  for (let round = 0; round < 8; round += 1) await claim(world, worker, { queue: "laned", limit: 1 });
  expect(await running(world, "live")).toBe(6);
  expect(await running(world, "backfill")).toBe(2);
});

test("a lane's rate and the reserve hold over several claimers at once, and its tokens are kept", async () => {
  const limits = {
    maxConcurrentDispatches: 12,
    lanes: { backfill: { maxDispatchesPerSecond: 0.001, maxBurstSize: 5 } },
  };
  await using world = await openWorld([laned(limits)]);
  const worker = await enlist(world);
  await fill(world, "backfill");
  await Promise.all(Array.from({ length: 8 }, () => claim(world, worker, { queue: "laned", limit: 6 })));
  expect(await running(world, "backfill")).toBe(5);
  expect(await running(world, "live")).toBe(7);
  const tasks = await listTasks(world.db.database, { namespace: "prod", afterId: 0, limit: 100 });
  expect(tasks.filter((task) => task.lane === "backfill")).toHaveLength(20);
});

test("a poison pill of a lane runs alone within what the lane grants, and asks for a process only then", async () => {
  const limits = { lanes: { backfill: { maxDispatchesPerSecond: 0.001, maxBurstSize: 1 } } };
  await using world = await openWorld([laned(limits)]);
  const { database } = world.db;
  const worker = await enlist(world);
  await fill(world, "backfill");
  await database.query("update headworks.tasks set alone = true where lane = 'backfill'");
  const limited = world.registry.queues.get("laned");
  if (limited === undefined) throw new Error("there is no such queue");
  const poison = () =>
    claimFromLanes(database, limited, { worker, namespace: NAMESPACE, codeVersion: "v1" }, [uuidv7()], true);

  expect(await promoteDueTasks(database, NAMESPACE, 1)).toMatchObject({ aloneReady: true });
  expect(await poison()).toMatchObject([{ alone: true }]);
  expect(await poison()).toEqual([]);
  expect(await promoteDueTasks(database, NAMESPACE, 1)).toMatchObject({ aloneReady: false });
});

test("a task that is added to a lane while the lane is given up is live", async () => {
  await using world = await openWorld([laned({ lanes: { backfill: {} } })]);
  const { database } = world.db;
  let added: Promise<void> = Promise.resolve();
  await transaction(database, async (connection) => {
    await connection.query("delete from headworks.lanes where name = 'backfill'");
    added = fill(world, "backfill");
    await untilSomebodyWaits(database);
  });
  await added;

  const tasks = await listTasks(database, { namespace: "prod", afterId: 0, limit: 100 });
  expect(new Set(tasks.map((task) => task.lane))).toEqual(new Set(["live"]));
});
