// Tests that what a worker reads of the store is what it takes, however much there is: also right after a lull in which
// the tables were empty and vacuumed, with the plans of then.

import { expect, test } from "vitest";
import { hourly } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { promoteDueTasks } from "../../store/queue/tasks.ts";
import { countReads } from "../../testing/database-activity.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";

const TAKEN = 50;
/** A row that is taken is looked up, locked and written by statements of their own; ten reads of each are plenty. */
const PLENTY = TAKEN * 10;

const laned = queue("laned", { lanes: { backfill: {} } });
const hours = hourly({ start: "2024-01-01", end: "2024-05-31" });
const feed = pipelineOf(
  processor("hours", { phase: "all", partitions: hours, queue: laned, run: () => undefined }),
  processor("plain", { phase: "all", partitions: hours, run: () => undefined }),
);

test("after a lull, a claim and a settlement read what they take, and not all that has come", async () => {
  await using world = await openWorld([feed], { maxConnections: 1 });
  const { database } = world.services;
  const worker = await enlist(world);
  await lull(world);
  for (let look = 0; look < 6; look++) expect(await claim(world, worker, { database })).toEqual([]);
  await flood(world, "'ready', now(), 'live'");
  const read = await countReads(database, "tasks", "outputs");

  const tasks = await claim(world, worker, { database, limit: TAKEN });
  expect(tasks).toHaveLength(TAKEN);
  await settleRuns(
    world,
    worker,
    tasks.map((task) => returned(world, task)),
    database,
  );

  for (const table of ["tasks", "outputs"]) {
    const rows = await read(table);
    expect(rows).toBeGreaterThanOrEqual(TAKEN);
    expect(rows).toBeLessThanOrEqual(PLENTY);
  }
});

test("live tasks are found behind any number of others of their queue", async () => {
  await using world = await openWorld([feed], { maxConnections: 1 });
  const { database } = world.services;
  const worker = await enlist(world);
  await lull(world);
  for (let look = 0; look < 6; look++)
    expect(await claim(world, worker, { database, queue: "laned" })).toEqual([]);
  await flood(world, "'ready', now(), 'backfill'");
  await database.query(
    "update headworks.tasks set lane = 'live', due_at = now() + interval '1 hour' where processor = 'hours' and partition like '2024-05-31%'",
  );
  const read = await countReads(database, "tasks", "outputs");

  const tasks = await claim(world, worker, { database, queue: "laned", limit: 20 });

  expect(tasks.filter((task) => task.partition.startsWith("2024-05-31"))).toHaveLength(10);
  const rows = await read("tasks");
  expect(rows).toBeGreaterThanOrEqual(tasks.length);
  expect(rows).toBeLessThanOrEqual(PLENTY);
});

test("a look for what is due doesn't read what is due later", async () => {
  await using world = await openWorld([feed], { maxConnections: 1 });
  const { database } = world.services;
  await lull(world);
  for (let look = 0; look < 6; look++)
    expect(await promoteDueTasks(database, NAMESPACE, 1_000)).toMatchObject({ promoted: 0 });
  await flood(world, "'scheduled', now() + interval '1 day', 'live'");
  const read = await countReads(database, "tasks", "outputs");

  expect(await promoteDueTasks(database, NAMESPACE, 1_000)).toMatchObject({ promoted: 0 });

  expect(await read("tasks")).toBeLessThanOrEqual(PLENTY);
});

/** Everything is done and vacuumed. */
async function lull({ db }: World): Promise<void> {
  await db.database.query("delete from headworks.tasks");
  await db.database.query("vacuum analyze headworks.tasks");
}

/** Thousands of tasks at once. `values`: their state, when they are due, and their lane. */
async function flood({ db }: World, values: string): Promise<void> {
  await db.database.query(
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, due_at, lane)
     select o.id, o.namespace, o.processor, o.partition, p.queue, p.priority, ${values}
     from headworks.outputs o join headworks.processors p on p.name = o.processor`,
  );
}
