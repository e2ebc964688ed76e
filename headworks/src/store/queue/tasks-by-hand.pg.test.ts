// Tests of tasks that people ask for: delay, staggering, priority, expiry and keys, by the database's clock.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { registerAndPlan } from "../../engine/planning/registration.ts";
import { NAMESPACE, openWorld, pipelineOf, startEngine, type World } from "../../testing/engine.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { readLedger } from "../../testing/engine-ledger.ts";
import { transaction } from "../database.ts";
import { listFailures } from "../failure/failures.ts";
import { requestTask } from "./tasks.ts";
import {
  type Adding,
  addTasks,
  expireTasks,
  findOutputs,
  listTasks,
  prioritizeTasks,
  rememberKey,
} from "./tasks-by-hand.ts";

const three = daily({ start: "2026-01-01", end: "2026-01-03" });
const days = processor("days", { phase: "all", partitions: three, run: () => undefined });
const keys = ["2026-01-03", "2026-01-01", "2026-01-02"];

async function outputsOf({ db }: World, partitions: readonly string[] = keys): Promise<number[]> {
  const found = await findOutputs(db.database, NAMESPACE, "days", partitions);
  return found.map((output) => output.id);
}

async function add(world: World, adding: Partial<Adding>, partitions?: readonly string[]) {
  const outputs = await outputsOf(world, partitions);
  return transaction(world.db.database, (connection) =>
    addTasks(connection, outputs, { delayMs: 0, everyMs: 0, ...adding }),
  );
}

const tasksOf = ({ db }: World) =>
  listTasks(db.database, { namespace: NAMESPACE, afterId: 0, limit: 100, processor: "days" });

test("tasks are due after the delay, and one after the other by the interval, in the order they are named in", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const added = await add(world, { delayMs: 600_000, everyMs: 60_000, expiresAfterMs: 30_000 });
  expect(added.map((task) => [task.partition, task.state])).toEqual(keys.map((key) => [key, "scheduled"]));
  const due = added.map((task) => Date.parse(task.due_at ?? ""));
  expect(due.map((at) => at - (due[0] ?? 0))).toEqual([0, 60_000, 120_000]);
  const listed = await tasksOf(world);
  expect(listed.map((task) => Date.parse(task.expires_at ?? "") - Date.parse(task.due_at))).toEqual(
    Array(3).fill(30_000),
  );
  expect(await claim(world, await enlist(world))).toEqual([]);
});

test("a run of a retired processor is refused, and its output stays as it was", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const [outputId = 0] = await outputsOf(world);
  await database.query("delete from headworks.tasks");
  await database.query("update headworks.outputs set status = 'failed'");
  await database.query("update headworks.processors set retired_at = now()");

  const request = { outputId, forced: true, fromArchive: false, traceparent: "" };
  await expect(requestTask(database, request)).rejects.toMatchObject({ code: "PROCESSOR_RETIRED" });
  expect(new Set(Object.values(await readLedger(database)))).toEqual(new Set(["failed"]));
  expect(await tasksOf(world)).toEqual([]);
});

test("a task that runs is left alone", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const [running] = await claim(world, await enlist(world), { limit: 1 });
  const added = await add(world, { delayMs: 600_000 });
  const left = added.filter((task) => task.state === "running");
  expect(left).toEqual([{ partition: running?.partition, state: "running", due_at: null }]);
});

test("a priority by hand goes first, outlives a registration, and is given back", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const outputs = await outputsOf(world, ["2026-01-03"]);
  expect(await prioritizeTasks(database, outputs, 0)).toEqual([{ partition: "2026-01-03", priority: 0 }]);
  await registerAndPlan(database, world.registry, "v1", NAMESPACE);
  const [first] = await claim(world, await enlist(world), { limit: 1 });
  expect(first?.partition).toBe("2026-01-03");

  const [given] = await prioritizeTasks(database, outputs, undefined);
  expect(given?.priority).toBe(world.registry.processors.get("days")?.priority);
});

test("a task that hasn't begun when it expires fails and says so; one that has begun doesn't", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  await add(world, { expiresAfterMs: 3_600_000 }, ["2026-01-01", "2026-01-02"]);
  expect(await expireTasks(database, NAMESPACE, "v1")).toBe(0);
  // It had failed before, of an error, and was asked for again.
  await database.query(
    "update headworks.tasks set state = 'scheduled', fingerprint = '0123456789abcdef' where partition = '2026-01-02'",
  );
  await database.query("update headworks.tasks set first_claimed_at = now() where partition = '2026-01-01'");
  await database.query("update headworks.tasks set expires_at = now() where expires_at is not null");
  expect(await expireTasks(database, NAMESPACE, "v1")).toBe(1);
  expect(await readLedger(database)).toEqual({
    "days[2026-01-01]": "expected / ready",
    "days[2026-01-02]": "failed / failed",
    "days[2026-01-03]": "expected / ready",
  });
  const failed = (await tasksOf(world)).find((task) => task.state === "failed");
  expect(failed).toMatchObject({ last_outcome: "timeout", last_reason: "expired", expires_at: null });
  const dated =
    "select partition, fingerprint from headworks.tasks where failed_at is not null and first_failed_at is not null";
  expect((await database.query(dated)).rows).toEqual([
    { partition: "2026-01-02", fingerprint: expect.not.stringMatching("0123456789abcdef") },
  ]);
  expect(await listFailures(database, { namespace: "prod" }, { limit: 10 })).toMatchObject([
    { state: "open", tasks: 1, count: 1, processor: "days", outcome: "timeout", reason: "expired" },
  ]);
  expect(failed?.last_error).toMatch(
    /^it had not begun by \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, when it expired$/,
  );
});

test("a running engine fails what has expired, without anybody asking", async () => {
  await using engine = await startEngine([pipelineOf(days)]);
  await engine.untilSettled();
  await add(engine, { delayMs: 3_600_000, expiresAfterMs: 0 }, ["2026-01-01"]);
  await engine.db.database.query("update headworks.tasks set expires_at = now()");
  const stateOf = async () => (await tasksOf(engine))[0]?.state;
  await expect.poll(stateOf, { timeout: 60_000, interval: 100 }).toBe("failed");
});

test("a key is new once, and again after 24 hours; one that is rolled back is not remembered", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const remember = () => transaction(database, (connection) => rememberKey(connection, "k"));
  const broken = transaction(database, async (connection) => {
    await rememberKey(connection, "k");
    throw new Error("no");
  });
  await expect(broken).rejects.toThrow("no");
  expect(await Promise.all([remember(), remember(), remember()])).toEqual(
    expect.arrayContaining([true, false, false]),
  );
  await database.query("update headworks.dedupe_keys set added_at = now() - interval '25 hours'");
  expect(await remember()).toBe(true);
  expect(await remember()).toBe(false);
});
