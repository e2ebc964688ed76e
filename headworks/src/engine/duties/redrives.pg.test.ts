// Tests of redrives: at their rate whatever the number of processes, what is no longer failed left alone, cancelled in the middle.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { transaction } from "../../store/database.ts";
import { countFailedTasks, listFailedTasks, retryTasks } from "../../store/failure/failures.ts";
import { cancelRedrive, createRedrive, findRedrive } from "../../store/failure/redrives.ts";
import { openWorld, pipelineOf, startEngine, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { stepRedrives } from "./redrives.ts";

const month = daily({ start: "2025-01-01", end: "2025-01-25" });
const once = queue("once", { maxAttempts: 1 });
const filter = { namespace: "prod" };

async function openFailed(): Promise<World> {
  const days = processor("days", { phase: "all", partitions: month, queue: once, run: () => undefined });
  const world = await openWorld([pipelineOf(days)]);
  const worker = await enlist(world);
  const tasks = await claim(world, worker, { queue: "once" });
  await settleRuns(
    world,
    worker,
    tasks.map((task) => returned(world, task, { report: { kind: "threw" } })),
  );
  return world;
}

async function begin({ db }: World, rate?: number): Promise<number> {
  const { tasks, newest_id: newestId } = await countFailedTasks(db.database, filter);
  expect(tasks).toBe(25);
  return createRedrive(db.database, { filter, newestId, tasks, rate, createdBy: "somebody" });
}

/** Lets time pass for redrives, by the database's clock. */
const pass = ({ db }: World, seconds: number) =>
  db.database.query(
    "update headworks.redrives set looked_at = clock_timestamp() - make_interval(secs => $1)",
    [seconds],
  );

const ready = ({ db }: World) =>
  readNumber(db.database, "select count(*) from headworks.tasks where state = 'ready' and attempts_used = 0");

test("a redrive puts tasks back at its rate, however many processes look at it, and is done after the last", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const id = await begin(world, 10);

  const steps: number[] = [];
  for (let second = 0; second < 4; second += 1) {
    await pass(world, 1);
    const moved = await Promise.all([1, 2, 3].map(() => stepRedrives(database)));
    steps.push(moved.reduce((sum, each) => sum + each, 0));
  }

  // A second's worth, and one task more at most for the time that really passes meanwhile.
  for (const step of steps.slice(0, 2)) expect([10, 11]).toContain(step);
  expect(steps.reduce((sum, each) => sum + each, 0)).toBe(25);
  expect(await ready(world)).toBe(25);
  expect(await findRedrive(database, id)).toMatchObject({
    state: "done",
    retried: 25,
    tasks: 25,
    ended_at: expect.any(String),
  });
});

test("what has been retried by hand meanwhile is left alone, and what fails after it began isn't met", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const id = await begin(world);
  const [first] = await listFailedTasks(database, filter, { after: 0, limit: 1 });
  if (first === undefined) throw new Error("nothing has failed");
  await transaction(database, (connection) => retryTasks(connection, [first]));

  await stepRedrives(database);

  expect(await findRedrive(database, id)).toMatchObject({ state: "done", retried: 24, tasks: 25 });
});

test("a cancelled one puts nothing more back", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const id = await begin(world, 5);
  await pass(world, 1);
  await stepRedrives(database);

  expect(await cancelRedrive(database, id)).toBe(true);
  await pass(world, 100);
  await stepRedrives(database);

  expect(await ready(world)).toBe(5);
  expect(await findRedrive(database, id)).toMatchObject({ state: "cancelled", retried: 5 });
  expect(await cancelRedrive(database, id)).toBe(false);
});

test("a fleet works a redrive off that nobody waits for", async () => {
  const fixed = { is: false };
  const days = processor("days", {
    phase: "all",
    partitions: month,
    queue: once,
    run: () => (fixed.is ? undefined : Promise.reject(new Error("broken"))),
  });
  await using engine = await startEngine([pipelineOf(days)]);
  await engine.untilSettled();
  fixed.is = true;

  await begin(engine, 1_000);

  await engine.untilRun("days", "2025-01-25", ({ settlement }) => settlement.outcome === "success");
  const complete = () =>
    readNumber(engine.db.database, "select count(*) from headworks.outputs where status = 'complete'");
  await expect.poll(complete, { timeout: 30_000 }).toBe(25);
});
