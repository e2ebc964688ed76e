// Tests of the limits of queues, by the database's clock, with claims that race from many connections.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { type QueueOptions, queue } from "../../define/queue.ts";
import { type Database, openDatabase, transaction } from "../../store/database.ts";
import { claimAlone, claimTasks } from "../../store/queue/tasks.ts";
import { untilSomebodyWaits } from "../../testing/database-activity.ts";
import { NAMESPACE, openWorld, pipelineOf, startEngine, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { uuidv7 } from "../ids.ts";
import { Claimer } from "./claimer.ts";

const year = daily({ start: "2024-01-01", end: "2024-12-31" });
const limitedBy = (options: QueueOptions) => {
  const limited = queue("limited", options);
  return pipelineOf(
    processor("days", { phase: "all", partitions: year, queue: limited, run: () => undefined }),
  );
};

async function withPools<T>(
  world: World,
  count: number,
  work: (pools: Database[]) => Promise<T>,
): Promise<T> {
  const pools = Array.from({ length: count }, () =>
    openDatabase({ url: world.db.url, role: "claimer", maxConnections: 2 }),
  );
  try {
    return await work(pools);
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

test("claims that race from many connections never have more running than the queue allows", async () => {
  await using world = await openWorld([limitedBy({ maxConcurrentDispatches: 7 })]);
  const { database } = world.db;
  const counts: number[] = [];
  const starter = await enlist(world);
  const first = await claim(world, starter, { queue: "limited" });
  expect(first).toHaveLength(7);
  expect(await claim(world, starter, { queue: "limited" })).toEqual([]);
  await settleRuns(
    world,
    starter,
    first.map((task) => returned(world, task)),
  );
  let settled = first.length;

  await withPools(world, 6, (pools) =>
    Promise.all(
      pools.map(async (pool) => {
        const worker = await enlist(world);
        while (settled < 366) {
          const tasks = await claim(world, worker, { queue: "limited", limit: 5, database: pool });
          counts.push(await readNumber(pool, "select count(*) from headworks.tasks where state = 'running'"));
          if (tasks.length === 0) continue;
          await settleRuns(
            world,
            worker,
            tasks.map((task) => returned(world, task)),
            pool,
          );
          settled += tasks.length;
        }
      }),
    ),
  );

  expect(Math.max(...counts)).toBeLessThanOrEqual(7);
  expect(await readNumber(database, "select count(*) from headworks.runs")).toBe(366);
});

test("no window of time has more claims than rate and burst allow, by the database's clock", async () => {
  const [rate, burst] = [150, 10];
  await using world = await openWorld([limitedBy({ maxDispatchesPerSecond: rate, maxBurstSize: burst })]);
  const { database } = world.db;
  let claimed = 0;

  await withPools(world, 6, (pools) =>
    Promise.all(
      pools.map(async (pool) => {
        const worker = await enlist(world);
        while (claimed < 200) {
          const tasks = await claim(world, worker, { queue: "limited", limit: 4, database: pool });
          claimed += tasks.length;
        }
      }),
    ),
  );

  const result = await database.query<{ us: number }>(
    "select (extract(epoch from claimed_at) * 1000000)::bigint as us from headworks.tasks where state = 'running' order by claimed_at",
  );
  const times = result.rows.map((row) => row.us);
  expect(times.length).toBeGreaterThanOrEqual(200);
  // A token may be counted to the microsecond.
  const excess = times.flatMap((start, from) =>
    times
      .slice(from)
      .map((end, more) => more + 1 - ((rate * (end - start)) / 1_000_000 + burst))
      .filter((over) => over > 0.001),
  );
  expect(excess).toEqual([]);
});

test("a paused queue gives nothing, with limits or without, nor a poison pill; it goes on where it was", async () => {
  const open = processor("open", { phase: "all", run: () => undefined });
  const closed = processor("closed", {
    phase: "all",
    queue: queue("limited", { maxConcurrentDispatches: 2 }),
    run: () => undefined,
  });
  await using world = await openWorld([pipelineOf(open, closed)]);
  const { database } = world.db;
  const worker = await enlist(world);
  const claimAll = async () => [
    ...(await claim(world, worker)),
    ...(await claim(world, worker, { queue: "limited" })),
  ];

  await database.query("update headworks.queues set paused_at = now()");
  expect(await claimAll()).toEqual([]);
  await database.query("update headworks.tasks set alone = true");
  for (const each of world.registry.queues.values())
    expect(
      await claimAlone(database, each, { worker, namespace: NAMESPACE, codeVersion: "v1" }, uuidv7()),
    ).toBeUndefined();
  await database.query("update headworks.tasks set alone = false");
  await database.query("update headworks.queues set paused_at = null");

  expect((await claimAll()).map((task) => task.processor)).toEqual(["open", "closed"]);
});

test("a poison pill counts against the limits of its queue like any other task", async () => {
  await using world = await openWorld([limitedBy({ maxConcurrentDispatches: 2 })]);
  const { database, registry } = { database: world.db.database, registry: world.registry };
  const limited = registry.queues.get("limited");
  if (limited === undefined) throw new Error("no queue");
  const worker = await enlist(world);
  const poison = () =>
    claimAlone(database, limited, { worker, namespace: NAMESPACE, codeVersion: "v1" }, uuidv7());
  await database.query(
    "update headworks.tasks set alone = (id in (select id from headworks.tasks order by id limit 2))",
  );

  expect(await claim(world, worker, { queue: "limited", limit: 1 })).toHaveLength(1);
  expect(await poison()).toMatchObject({ alone: true });
  expect(await poison()).toBeUndefined();
});

test("whoever claims a poison pill while another claims of the same queue gets the next one, and doesn't come away with nothing", async () => {
  await using world = await openWorld([limitedBy({ maxConcurrentDispatches: 9 })]);
  const { database } = world.db;
  const limited = world.registry.queues.get("limited");
  if (limited === undefined) throw new Error("no queue");
  const [worker, other] = [await enlist(world), await enlist(world)];
  await database.query(
    "update headworks.tasks set alone = (id in (select id from headworks.tasks order by id limit 1))",
  );

  const late = await transaction(database, async (connection) => {
    const runIds = [uuidv7()];
    const first = await claimTasks(
      connection,
      limited,
      { worker: other, namespace: NAMESPACE, codeVersion: "v1" },
      runIds,
    );
    expect(first).toHaveLength(1);
    const claiming = claimAlone(
      database,
      limited,
      { worker, namespace: NAMESPACE, codeVersion: "v1" },
      uuidv7(),
    );
    await untilSomebodyWaits(database);
    return { claiming };
  });

  expect(await late.claiming).toMatchObject({ alone: true });
});

test("tokens are kept when the same limits are registered again: a restart gives no second burst", async () => {
  const pipeline = limitedBy({ maxDispatchesPerSecond: 0.001, maxBurstSize: 3 });
  await using world = await openWorld([pipeline]);
  const worker = await enlist(world);
  expect(await claim(world, worker, { queue: "limited" })).toHaveLength(3);

  await using restarted = await openWorld([pipeline], { database: world.db });

  expect(await claim(restarted, await enlist(restarted), { queue: "limited" })).toEqual([]);
});

test("tasks are claimed by priority, then in the order in which they were due", async () => {
  const given = {
    phase: "all",
    partitions: daily({ start: "2024-01-01", end: "2024-01-02" }),
    run: () => undefined,
  } as const;
  const processors = (["low", "critical", "normal", "high"] as const).map((criticality) =>
    processor(`is_${criticality}`, { ...given, criticality }),
  );
  await using world = await openWorld([pipelineOf(...processors)]);
  const worker = await enlist(world);

  const order = [];
  for (let count = 0; count < 8; count += 1) order.push(...(await claim(world, worker, { limit: 1 })));

  expect(order.map((task) => task.processor)).toEqual(
    ["critical", "high", "normal", "low"].flatMap((name) => [`is_${name}`, `is_${name}`]),
  );
});

test("a queue that is full of work starves no other: the queues are asked in turn", async () => {
  const given = {
    phase: "all",
    partitions: daily({ start: "2024-01-01", end: "2024-01-20" }),
    run: () => undefined,
  } as const;
  const processors = ["flood", "today", "later"].map((name) =>
    processor(name, { ...given, queue: queue(name) }),
  );
  await using world = await openWorld([pipelineOf(...processors)]);
  const worker = await enlist(world);
  const claimer = new Claimer(world.services);

  const order: string[] = [];
  for (let count = 0; count < 8; count += 1) {
    let room = 1;
    await claimer.claim(
      worker,
      () => room,
      (task) => {
        room -= 1;
        order.push(task.processor);
      },
    );
  }

  expect(new Set(order.slice(0, 4))).toEqual(new Set(["flood", "today", "later"]));
  expect(new Set(order.slice(4))).toEqual(new Set(["flood", "today", "later"]));
});

test("slots that long runs leave free are used, though they are fewer than half", async () => {
  const open = Promise.withResolvers<void>();
  const days = daily({ start: "2024-01-01", end: "2024-01-03" });
  const long = processor("long", {
    phase: "all",
    partitions: days,
    criticality: "critical",
    run: () => open.promise,
  });
  const short = processor("short", {
    phase: "all",
    partitions: daily({ start: "2024-01-01", end: "2024-01-31" }),
    run: () => undefined,
  });
  await using engine = await startEngine([pipelineOf(long, short)], { concurrency: 4 });

  for (let day = 1; day <= 31; day += 1)
    await engine.untilRun("short", `2024-01-${String(day).padStart(2, "0")}`);

  expect(engine.settled.some(({ run }) => run.processor.name === "long")).toBe(false);
  open.resolve();
  await engine.untilSettled();
});
