// Tests of namespaces beside `prod`: other code runs in them, they see what they have settled over `prod`, and `prod` notices nothing.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { schedule } from "../../define/schedule.ts";
import { PROD } from "../../domain/namespace.ts";
import { transaction } from "../../store/database.ts";
import { createReader } from "../../store/dataset/read.ts";
import { applyDatasetChanges, planDatasetChanges } from "../../store/dataset/schema.ts";
import { listRunTimes } from "../../store/history/run-times.ts";
import { claimFromLanes } from "../../store/queue/lanes.ts";
import { claimTasks } from "../../store/queue/tasks.ts";
import { NAMESPACE, openWorld, pipelineOf, startEngine } from "../../testing/engine.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { readNumber, readRuns } from "../../testing/engine-ledger.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";
import { uuidv7 } from "../ids.ts";
import {
  FIRST,
  ledgerOf,
  pointsIn,
  prodSettings,
  REPLAY,
  SECOND,
  scores,
  seasonOf,
  slice,
} from "./namespace.fixture.ts";

const nothing = () => undefined;

test("two namespaces of different code run beside each other, and neither sees what is written in the other", async () => {
  await using live = await startEngine([seasonOf({ factor: 1 })]);
  const { db } = live;
  await live.untilSettled();
  const selection = [slice("raw", FIRST), slice("total", FIRST)];
  const beside = { database: db, selection };
  await using ten = await startEngine([seasonOf({ factor: 10 })], {
    ...beside,
    namespace: REPLAY,
    codeVersion: "ten",
  });
  await using hundred = await startEngine([seasonOf({ factor: 100 })], {
    ...beside,
    namespace: "batch_hundred",
    codeVersion: "hundred",
  });
  await ten.untilRun("total", FIRST);
  await hundred.untilRun("total", FIRST);

  expect(await pointsIn(db.database, "prod.scores")).toEqual({ [FIRST]: 1, [SECOND]: 2 });
  expect(await pointsIn(db.database, `${REPLAY}.scores`)).toEqual({ [FIRST]: 10, [SECOND]: 2 });
  expect(await pointsIn(db.database, "batch_hundred.scores")).toEqual({ [FIRST]: 100, [SECOND]: 2 });
  expect(await pointsIn(db.database, `${REPLAY}.totals`)).toMatchObject({ [FIRST]: 12 });
  expect(await pointsIn(db.database, "batch_hundred.totals")).toMatchObject({ [FIRST]: 102 });
  expect(await pointsIn(db.database, "prod.totals")).toEqual({ [FIRST]: expect.any(Number), [SECOND]: 3 });
  expect(await pointsIn(db.database, `${REPLAY}_rows.scores`)).toEqual({ [FIRST]: 10 });
  expect(Object.keys(await ledgerOf(db.database, REPLAY))).toEqual([`raw[${FIRST}]`, `total[${FIRST}]`]);
  const samples = async (namespace: string) =>
    (await listRunTimes(db.database, namespace, ["raw"], 100)).get("raw")?.samples;
  expect([await samples(PROD), await samples(REPLAY)]).toEqual([2, 1]);
  const versions = await db.database.query(
    "select distinct namespace, code_version from headworks.runs order by 1",
  );
  expect(versions.rows).toEqual([
    { namespace: "batch_hundred", code_version: "hundred" },
    { namespace: PROD, code_version: "v1" },
    { namespace: REPLAY, code_version: "ten" },
  ]);
});

test("an overlay shows what is settled in its namespace, also that it has no rows, and all else of prod", async () => {
  await using live = await startEngine([seasonOf({ factor: 1 })]);
  const { db } = live;
  await live.untilSettled();
  await using replay = await openWorld([seasonOf({ factor: 10 })], {
    database: db,
    namespace: REPLAY,
    selection: [slice("raw", FIRST), slice("raw", SECOND)],
  });
  const read = () =>
    createReader<{ day: string; points: number }>(db.database, REPLAY, scores).rows({}, { orderBy: ["day"] });

  expect(await read()).toEqual([
    { day: FIRST, points: 1 },
    { day: SECOND, points: 2 },
  ]);
  await db.database.query(
    "update headworks.outputs set status = 'empty', vouched_by = 'nobody', settled_at = now() where namespace = $1 and partition = $2",
    [REPLAY, SECOND],
  );
  expect(await read()).toEqual([{ day: FIRST, points: 1 }]);
  expect(await createReader(db.database, REPLAY, scores).count()).toBe(1);
  const days: unknown[] = [];
  for await (const batch of createReader<{ day: string }>(db.database, REPLAY, scores).batches({}, 1))
    days.push(...batch.map((each) => each.day));
  expect(days).toEqual([FIRST]);
  expect(await pointsIn(db.database, "prod.scores")).toEqual({ [FIRST]: 1, [SECOND]: 2 });
  expect(replay.services.namespace).toBe(REPLAY);
});

test("planning in a namespace plans exactly what is selected; edges out of it lead to prod, and to nowhere never", async () => {
  await using live = await openWorld([seasonOf({ factor: 1 })]);
  const { db } = live;
  await using _ = await openWorld([seasonOf({ factor: 10 })], {
    database: db,
    namespace: REPLAY,
    selection: [slice("total", FIRST)],
  });

  expect(await ledgerOf(db.database, REPLAY)).toEqual({ [`total[${FIRST}]`]: "expected" });
  const edges = await db.database.query(
    `select u.namespace, u.processor, u.partition, e.to_prod from headworks.edges e
     join headworks.outputs d on d.id = e.downstream_id join headworks.outputs u on u.id = e.upstream_id
     where d.namespace = $1`,
    [REPLAY],
  );
  expect(edges.rows).toEqual([{ namespace: PROD, processor: "raw", partition: FIRST, to_prod: true }]);

  const beyond = processor("beyond", { phase: "all", run: nothing });
  const needs = processor("needs", { phase: "all", needs: [beyond], run: nothing });
  const open = openWorld([pipelineOf(beyond, needs)], {
    database: db,
    namespace: "replay_beyond",
    selection: [slice("needs", "all")],
  });
  await expect(open).rejects.toMatchObject({ code: "UPSTREAM_NOT_EXPECTED" });
  expect(await ledgerOf(db.database, "replay_beyond")).toEqual({});
});

test("an edge to prod neither locks nor releases: what prod settles is found by the sweep", async () => {
  await using live = await openWorld([seasonOf({ factor: 1 })]);
  const { database } = live.db;
  await using _ = await openWorld([seasonOf({ factor: 10 })], {
    database: live.db,
    namespace: REPLAY,
    selection: [slice("total", FIRST)],
  });
  const held = await database.connect();
  try {
    // A settlement in prod that had to lock what is downstream in the namespace would wait for this.
    await held.query("begin");
    await held.query("select from headworks.outputs where namespace = $1 for update", [REPLAY]);
    await using engine = await startEngine([seasonOf({ factor: 1 })], { database: live.db });
    await engine.untilRun("total", SECOND);
    await engine.untilRun("total", FIRST);
    expect(await ledgerOf(database, REPLAY)).toEqual({ [`total[${FIRST}]`]: "expected" });
  } finally {
    await held.query("commit");
    held.release();
  }

  expect(await sweepUnreleased(database, PROD)).toBe(0);
  expect(await sweepUnreleased(database, REPLAY)).toBe(1);
  expect(await ledgerOf(database, REPLAY)).toEqual({ [`total[${FIRST}]`]: "expected / ready" });
  const lanes = await database.query("select lane from headworks.tasks where namespace = $1", [REPLAY]);
  expect(lanes.rows).toEqual([{ lane: REPLAY }]);
});

test("registering, failing and retiring in a namespace leaves queues, schedules, breakers, failures and timeouts of prod as they were", async () => {
  const limit = queue("stats", { maxConcurrentDispatches: 2, maxAttempts: 1 });
  const breaker = { failures: 1, reset: "1h" } as const;
  const kept = processor("kept", { phase: "all", queue: limit, run: nothing });
  const gone = processor("gone", { phase: "all", run: nothing });
  const nightly = schedule("nightly", { cron: "0 3 * * *", timezone: "UTC", run: ["kept"] });
  const pipeline = { ...pipelineOf(kept, gone), schedules: [nightly] };
  await using live = await startEngine([pipeline], {});
  const { db } = live;
  await live.untilSettled();
  const before = await prodSettings(db.database);

  const failing = processor("kept", {
    phase: "all",
    breaker,
    queue: queue("stats", { maxConcurrentDispatches: 50, maxDispatchesPerSecond: 1_000, maxAttempts: 1 }),
    run: () => {
      throw new Error("other code");
    },
  });
  const more = processor("more", {
    phase: "all",
    queue: queue("more", { maxConcurrentDispatches: 3 }),
    run: nothing,
  });
  await using replay = await startEngine([pipelineOf(failing, more)], {
    database: db,
    namespace: REPLAY,
    codeVersion: "other",
    selection: [slice("kept", "all"), slice("more", "all")],
  });
  await replay.untilRun("kept", "all");
  await replay.untilRun("more", "all");
  await replay.stop();

  const after = JSON.parse(await prodSettings(db.database));
  after[0][0].queues = after[0][0].queues.filter(
    (each: { row: { name: string } }) => each.row.name !== "more",
  );
  expect(JSON.stringify(after, null, 1)).toBe(before);
  const counted = "select namespace, count from headworks.failures";
  expect((await db.database.query(counted)).rows).toEqual([{ namespace: REPLAY, count: 1 }]);
  const opened = "select namespace, state from headworks.breakers";
  expect((await db.database.query(opened)).rows).toEqual([{ namespace: REPLAY, state: "open" }]);
  expect(await readNumber(db.database, "select count(*) from headworks.schedule_slots")).toBe(0);
});

test("a worker of prod and one of a namespace claim only from their own lanes, with the limit of prod shared", async () => {
  await using live = await openWorld([seasonOf({ factor: 1, maxConcurrent: 1 })]);
  const { database } = live.db;
  await using replay = await openWorld([seasonOf({ factor: 10 })], {
    database: live.db,
    namespace: REPLAY,
    codeVersion: "ten",
    selection: [slice("raw", FIRST), slice("raw", SECOND)],
  });
  const [mine, theirs] = [await enlist(live), await enlist(replay)];
  const own = await claim(live, mine, { queue: "stats" });
  expect(own.map((task) => task.namespace)).toEqual([PROD]);
  expect(await claim(replay, theirs, { queue: "stats" })).toEqual([]);
  await database.query("update headworks.queues set max_concurrent = null");
  const other = await claim(replay, theirs, { queue: "stats" });
  expect(other.map((task) => task.namespace)).toEqual([REPLAY, REPLAY]);

  const stats = live.registry.queues.get("stats");
  if (stats === undefined) throw new Error("there is no such queue");
  await database.query("update headworks.tasks set state = 'ready', worker_id = null, run_id = null");
  const stale = { worker: mine, namespace: PROD, codeVersion: "ten" };
  expect(await claimTasks(database, stats, stale, [uuidv7()])).toEqual([]);
  const wrong = { worker: theirs, namespace: REPLAY, codeVersion: "v1" };
  expect(await claimFromLanes(database, stats, wrong, [uuidv7()])).toEqual([]);
  const elsewhere = { worker: mine, namespace: REPLAY, codeVersion: "ten" };
  expect(await claimFromLanes(database, stats, elsewhere, [uuidv7()])).toEqual([]);
});

test("a claim of prod reads no task of a namespace, however many are ready there", async () => {
  await using live = await openWorld([seasonOf({ factor: 1 })]);
  const { database } = live.db;
  await using replay = await openWorld([seasonOf({ factor: 10 })], {
    database: live.db,
    namespace: REPLAY,
    selection: [slice("raw", FIRST)],
  });
  await database.query(
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, lane, priority, state)
     select -n, $1, 'raw', n::text, 'stats', $1, -1, 'ready' from generate_series(1, 20000) as n`,
    [REPLAY],
  );
  await database.query("analyze headworks.tasks");
  const worker = await enlist(live);
  const connection = await database.connect();
  try {
    await connection.query("begin");
    const stats = live.registry.queues.get("stats");
    if (stats === undefined) throw new Error("there is no such queue");
    const claimant = { worker, namespace: PROD, codeVersion: "v1" };
    expect(await claimTasks(connection, stats, claimant, [uuidv7(), uuidv7(), uuidv7()])).toHaveLength(2);
    const read = await connection.query(
      "select (idx_tup_fetch + seq_tup_read)::int as rows from pg_stat_xact_user_tables where relname = 'tasks' and schemaname = 'headworks'",
    );
    expect(Number(read.rows[0].rows)).toBeLessThan(10);
    await connection.query("rollback");
  } finally {
    connection.release();
  }
  expect(replay.registry.queues.has("stats")).toBe(true);
});

test("a change of a table of prod goes on with overlays above it", async () => {
  await using live = await startEngine([seasonOf({ factor: 1 })]);
  const { db } = live;
  await live.untilSettled();
  await using _ = await openWorld([seasonOf({ factor: 10 })], { database: db, namespace: REPLAY });
  const runs = await readRuns(db.database);
  expect(runs).toHaveLength(4);

  const wider = dataset("scores", {
    schema: z.object({ day: z.iso.date(), points: z.int(), venue: z.string().nullable() }),
    key: ["day"],
  });
  const changes = await planDatasetChanges(db.database, NAMESPACE, [wider]);
  await transaction(db.database, (connection) => applyDatasetChanges(connection, NAMESPACE, changes));
  expect(await pointsIn(db.database, `${REPLAY}.scores`)).toEqual({ [FIRST]: 1, [SECOND]: 2 });

  const text = dataset("scores", {
    schema: z.object({ day: z.iso.date(), points: z.string(), venue: z.string().nullable() }),
    key: ["day"],
  });
  const unfit = await planDatasetChanges(db.database, NAMESPACE, [text]);
  await transaction(db.database, (connection) => applyDatasetChanges(connection, NAMESPACE, unfit));
  await expect(createReader(db.database, REPLAY, scores).rows()).rejects.toMatchObject({
    code: "DATASET_NOT_APPLIED",
  });
});
