// Tests of slots on a real database: each leads to one run, whoever looks and whatever it meets.

import { expect, inject, test } from "vitest";
import { daily, hourly } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { schedule } from "../../define/schedule.ts";
import { jitterOf } from "../../domain/calendar/schedule.ts";
import { openDatabase, transaction } from "../../store/database.ts";
import { askDueRequests, pruneSlots } from "../../store/queue/schedules.ts";
import { openWorld, startEngine } from "../../testing/engine.ts";
import { readNumber, readOutput } from "../../testing/engine-ledger.ts";
import { openProxy } from "../../testing/proxy.ts";
import { complete, HOURLY, look, passHours, scheduled, setTask, slotsOf } from "./scheduler.fixture.ts";

const tables = processor("tables", { phase: "all", async run() {} });
const report = processor("report", { phase: "all", needs: [tables], async run() {} });
const hours = schedule("hours", { cron: HOURLY, run: tables });

test("of eight processes that look at once, one makes the run of a slot", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await complete(world, "tables");
  await passHours(world, 1);
  const processes = Array.from({ length: 8 }, () =>
    openDatabase({ url: world.db.url, role: "tests", maxConnections: 2 }),
  );
  await Promise.all(processes.flatMap((database) => [look(world, database), look(world, database)]));
  await Promise.all(processes.map((database) => database.end()));

  expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
  expect(await readOutput(world.db.database, "tables", "all")).toMatchObject({
    status: "complete",
    task: "ready",
    attempt: 0,
  });
});

test("several engines on one database run each slot's partition once", async () => {
  const started: string[] = [];
  const scores = processor("scores", {
    phase: "all",
    partitions: hourly({ start: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) }),
    async run(ctx) {
      started.push(ctx.partition);
    },
  });
  const all = schedule("all_of_them", { cron: HOURLY, run: scores, missed: "all" });
  await using first = await startEngine([scheduled([scores], [all])]);
  await using second = await startEngine([scheduled([scores], [all])], { database: first.db });
  await using third = await startEngine([scheduled([scores], [all])], { database: first.db });
  const pending = "select count(*) from headworks.tasks";
  await expect.poll(() => readNumber(first.db.database, pending), { timeout: 60_000 }).toBe(0);
  const planned = started.length;

  await passHours(first, 5);
  const asked = "select count(*) from headworks.schedule_requests where state = 'asked'";
  await expect.poll(() => readNumber(first.db.database, asked), { timeout: 60_000 }).toBe(5);
  await expect.poll(() => readNumber(first.db.database, pending), { timeout: 60_000 }).toBe(0);

  const again = started.slice(planned);
  expect(new Set(again).size).toBe(5);
  expect(again).toHaveLength(5);
  expect([second.warnings, third.warnings].flat()).toEqual([]);
}, 180_000);

test("a process that dies while it decides leaves the slot to the next look", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await complete(world, "tables");
  await passHours(world, 1);
  const dying = openDatabase({ url: world.db.url, role: "dying", maxConnections: 1 });
  const { database } = world.db;
  const died = await transaction(database, async (connection) => {
    await connection.query("lock table headworks.schedule_requests in access exclusive mode");
    const looked = look(world, dying).then(
      () => "looked",
      () => "died",
    );
    // It has the slot's row and waits with the next: then it is killed.
    const waits =
      "select count(*) from pg_stat_activity where application_name = 'headworks dying' and wait_event_type = 'Lock'";
    await expect.poll(() => readNumber(database, waits), { timeout: 20_000 }).toBe(1);
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'headworks dying'",
    );
    return looked;
  });
  await dying.end();
  expect(died).toBe("died");
  expect(await slotsOf(world, "hours")).toEqual([]);

  await look(world);
  expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
});

test.each([
  ["slots were decided", "commit"],
  ["a run was asked for", "set state = 'asked'"],
])("a process that never hears that %s makes no second run", async (_what, statement) => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await complete(world, "tables");
  await passHours(world, 1);
  await using proxy = await openProxy(world.db.url);
  const cut = openDatabase({ url: proxy.url, role: "tests", maxConnections: 1 });
  const lost = proxy.loseAnswerTo(statement);
  await expect(look(world, cut)).rejects.toThrow();
  await lost;
  const before = "select count(*) from headworks.schedule_slots";
  await expect.poll(() => readNumber(world.db.database, before), { timeout: 20_000 }).toBe(1);

  await look(world, cut);
  await look(world);
  await cut.end();
  expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
  expect(await readNumber(world.db.database, "select count(*) from headworks.tasks")).toBe(1);
});

test("an engine makes up for what it missed while every connection was refused", async () => {
  await using engine = await startEngine([scheduled([tables], [hours])]);
  await engine.untilRun("tables", "all");
  await engine.untilSettled();
  const admin = openDatabase({ url: inject("postgresUrl"), role: "tests", maxConnections: 1 });
  const name = new URL(engine.db.url).pathname.slice(1);
  await passHours(engine, 0);
  await admin.query(`alter database ${name} with allow_connections false`);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await expect
    .poll(() => engine.warnings.filter((each) => each.startsWith("schedules failed")).length, {
      timeout: 60_000,
    })
    .toBeGreaterThan(0);
  await admin.query(`alter database ${name} with allow_connections true`);
  await admin.end();

  // The outage was longer than it seemed.
  await passHours(engine, 3);
  const ended = "select count(*) from headworks.runs where processor = 'tables' and outcome = 'success'";
  await expect.poll(() => readNumber(engine.db.database, ended), { timeout: 60_000 }).toBe(2);
  expect(await slotsOf(engine, "hours")).toEqual(["skipped", "skipped", "tables[all] asked"]);
}, 180_000);

test("what one process asks for, another leaves alone, though the run has ended when it looks", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await passHours(world, 1);
  await look(world);
  await complete(world, "tables");
  const { database } = world.db;
  await database.query("update headworks.schedule_requests set state = 'pending', asked_at = null");
  await transaction(database, async (connection) => {
    expect(await askDueRequests(connection, 10)).toMatchObject([{ state: "ready" }]);
    await look(world);
    await connection.query("delete from headworks.tasks");
  });
  await look(world);

  expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
  expect(await readNumber(database, "select count(*) from headworks.tasks")).toBe(0);
});

test("after an outage of some hours the policy decides", async () => {
  const policies = (["skip", "latest", "all"] as const).map((missed) =>
    schedule(missed, { cron: HOURLY, run: tables, missed }),
  );
  await using world = await openWorld([scheduled([tables], policies)]);
  await complete(world, "tables");
  await passHours(world, 4);
  await look(world);

  const requests = await Promise.all(policies.map(({ name }) => slotsOf(world, name)));
  expect(requests[2]?.every((each) => each === "tables[all] asked")).toBe(true);
  expect(requests[1]?.filter((each) => each === "skipped")).toHaveLength((requests[1]?.length ?? 0) - 1);
  expect(requests[0]).toEqual(["skipped", "skipped", "skipped", "skipped"]);
  expect(requests.map((each) => each.length)).toEqual([4, 4, 4]);
  const { rows } = await world.db.database.query<{ subject: string; slots: number }>(
    "select subject, (details ->> 'slots')::int4 as slots from headworks.events where kind = 'schedule.missed' order by subject",
  );
  expect(rows).toEqual([
    { subject: "latest", slots: 3 },
    { subject: "skip", slots: 4 },
  ]);
});

test("slots that meet a run wait for its end, and share the one that follows", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let runs = 0;
  const slow = processor("slow", {
    phase: "all",
    async run() {
      const index = runs++;
      begun[index]?.resolve();
      await gates[index]?.promise;
    },
  });
  const twice = schedule("twice", { cron: HOURLY, run: slow, missed: "all" });
  await using engine = await startEngine([scheduled([slow], [twice])]);
  await begun[0]?.promise;
  await setTask(engine, "slow", "claimed_at = now() - interval '5 hours'");
  await passHours(engine, 2);
  await look(engine);
  expect(await slotsOf(engine, "twice")).toEqual(["slow[all] pending", "slow[all] pending"]);

  gates[0]?.resolve();
  await begun[1]?.promise;
  expect(await slotsOf(engine, "twice")).toEqual(["slow[all] asked", "slow[all] asked"]);
  gates[1]?.resolve();
  await engine.untilSettled();
  await look(engine);
  await engine.untilSettled();
  expect(runs).toBe(2);
});

test("a run that began after the slot is the slot's", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await passHours(world, 1);
  await setTask(
    world,
    "tables",
    "state = 'running', attempt = 1, claimed_at = now(), worker_id = gen_random_uuid(), run_id = gen_random_uuid()",
  );
  await look(world);
  expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
});

test("a slot joins the task that is there: a retry keeps its backoff, what waits looks now, what failed begins anew", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  const { database } = world.db;
  const slot = async () => {
    await database.query("delete from headworks.schedule_slots");
    await passHours(world, 1);
    await look(world);
    expect(await slotsOf(world, "hours")).toEqual(["tables[all] asked"]);
    return readOutput(database, "tables", "all");
  };
  await setTask(
    world,
    "tables",
    "state = 'scheduled', due_at = now() + interval '1 hour', attempt = 2, attempts_used = 2",
  );
  expect(await slot()).toMatchObject({ task: "scheduled", attempts_used: 2 });
  await setTask(world, "tables", "state = 'waiting', waiting_since = now()");
  expect(await slot()).toMatchObject({ task: "ready", attempts_used: 2 });
  await setTask(world, "tables", "state = 'failed'");
  await database.query("update headworks.outputs set status = 'failed'");
  expect(await slot()).toMatchObject({ task: "ready", attempts_used: 0, status: "expected" });
});

test("a settled output is asked for after what it needs of the same slot; an expected one is left to the ledger", async () => {
  const both = schedule("both", { cron: HOURLY, run: [report, tables] });
  await using world = await openWorld([scheduled([tables, report], [both])]);
  await passHours(world, 1);
  await look(world);
  // The report is expected and waits for the tables: it runs once they are there.
  expect(await slotsOf(world, "both")).toEqual(["report[all] asked", "tables[all] asked"]);
  expect(await readOutput(world.db.database, "report", "all")).toMatchObject({ task: null });

  await complete(world, "tables", "report");
  await world.db.database.query("delete from headworks.schedule_slots");
  await passHours(world, 1);
  await look(world);
  await look(world);
  expect(await slotsOf(world, "both")).toEqual(["report[all] pending", "tables[all] asked"]);
  await complete(world, "tables");
  await look(world);
  expect(await slotsOf(world, "both")).toEqual(["report[all] asked", "tables[all] asked"]);
});

test("a slot plans the partition that it is the first to need, and knows when there is none", async () => {
  const slot = Date.now() - 30 * 60_000;
  const [today = ""] = new Date(slot).toISOString().split("T");
  const live = processor("live", {
    phase: "all",
    partitions: daily({ start: today, timezone: "UTC" }),
    async run() {},
  });
  const now = schedule("now", { cron: HOURLY, run: live, partition: { daysBack: 0 } });
  const before = schedule("before", { cron: HOURLY, run: live, partition: { daysBack: 3 } });
  await using world = await openWorld([scheduled([live], [now, before])]);
  await passHours(world, 1);
  await look(world);

  expect(await slotsOf(world, "now")).toEqual([`live[${today}] asked`]);
  expect(await slotsOf(world, "before")).toEqual(["live no_partition"]);
});

test("jitter holds the request back, not the slot, by what every process says of it", async () => {
  const late = schedule("late", { cron: HOURLY, run: tables, jitter: "1h", missed: "all" });
  await using world = await openWorld([scheduled([tables], [late])]);
  await complete(world, "tables");
  await passHours(world, 5);
  await look(world);
  const result = await world.db.database.query<{ slot_at: string; due_at: string }>(
    "select slot_at, due_at from headworks.schedule_requests",
  );
  const slots = result.rows.map((row) => Date.parse(row.slot_at));
  expect(result.rows.map((row) => Date.parse(row.due_at))).toEqual(
    slots.map((slot) => slot + jitterOf("late", slot, 3_600_000)),
  );
  expect(slots).toHaveLength(5);
  await world.db.database.query(
    "update headworks.schedule_requests set state = 'pending', asked_at = null, due_at = now() + interval '1 hour'",
  );
  await look(world);
  expect(new Set(await slotsOf(world, "late"))).toEqual(new Set(["tables[all] pending"]));
});

test("nothing is decided by a process whose code version is no longer the registered one", async () => {
  await using world = await openWorld([scheduled([tables], [hours])]);
  await passHours(world, 1);
  await world.db.database.query("update headworks.namespaces set code_version = 'v2'");
  await look(world);
  expect(await slotsOf(world, "hours")).toEqual([]);
});

test("old slots are forgotten, those that still have something to ask for aren't", async () => {
  await using world = await openWorld([
    scheduled([tables], [schedule("all_of_them", { ...hours.options, missed: "all" })]),
  ]);
  await passHours(world, 3);
  await look(world);
  const { database } = world.db;
  await database.query(
    "update headworks.schedule_requests set state = 'pending', asked_at = null where slot_at = (select min(slot_at) from headworks.schedule_slots)",
  );
  expect(await pruneSlots(database, 0, 1)).toBe(1);
  expect(await pruneSlots(database, 0, 10)).toBe(1);
  expect(await slotsOf(world, "all_of_them")).toEqual(["tables[all] pending"]);
});

test("the tasks that a schedule makes are in its lane", async () => {
  const lanes = queue("lanes", { lanes: { backfill: {} } });
  const nightly = processor("nightly", { phase: "all", queue: lanes, async run() {} });
  const every = schedule("every", { cron: HOURLY, run: nightly, lane: "backfill" });
  await using world = await openWorld([scheduled([nightly], [every])]);
  await complete(world, "nightly");
  await passHours(world, 1);

  await look(world);

  const { rows } = await world.db.database.query("select lane, state from headworks.tasks");
  expect(rows).toEqual([{ lane: "backfill", state: "ready" }]);
});
