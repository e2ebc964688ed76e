// Tests of the fence: a run whose worker's lease was taken over settles nothing, and what took it over goes on.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { dynamic } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { expireLeases, listWorkers, renewLeases } from "../../store/queue/workers.ts";
import { NAMESPACE, openWorld, pipelineOf } from "../../testing/engine.ts";
import { claim, enlist, settleRuns } from "../../testing/engine-claims.ts";
import { readLedger, readNumber, readOutput, readRuns } from "../../testing/engine-ledger.ts";
import { rescueOrphans } from "../duties/rescuer.ts";
import { startRun } from "../run/execute.ts";

const teams = dataset("teams", { schema: z.object({ id: z.string(), by: z.string() }), key: ["id"] });
const leagues = dynamic("leagues");
let writer = "nobody";
const feed = processor("feed", {
  phase: "all",
  output: teams,
  discovers: leagues,
  async run(ctx) {
    await ctx.write(teams, [
      { id: "nba", by: writer },
      { id: writer, by: writer },
    ]);
    ctx.discover("leagues", [writer]);
    ctx.metric("teams", 1, { by: writer });
    await ctx.artifact("teams.json", writer);
  },
});
const league = processor("league", { phase: "all", partitions: leagues, run: () => undefined });
const after = processor("after", { phase: "all", needs: [feed], run: () => undefined });

async function openFeed() {
  const world = await openWorld([pipelineOf(feed, league, after)]);
  const { database } = world.db;
  const finishAs = async (name: string, tasks: Awaited<ReturnType<typeof claim>>) => {
    const [task] = tasks;
    const compiled = world.registry.processors.get("feed");
    if (task === undefined || compiled === undefined) throw new Error("nothing was claimed");
    writer = name;
    return startRun(world.services, compiled, task).finished;
  };
  const traces = async () => ({
    ledger: await readLedger(database),
    rows: (await database.query("select id, by from prod.teams order by id")).rows,
    members: (await database.query("select key from headworks.partitions")).rows,
    metrics: (await database.query("select name, labels, value from headworks.run_metrics")).rows,
    artifacts: (await database.query("select path, hash, run_id from headworks.artifacts")).rows,
    tasks: (
      await database.query(
        "select processor, partition, state, attempt, run_id from headworks.tasks order by id",
      )
    ).rows,
    feed: await readOutput(database, "feed", "all"),
  });
  return { world, database, finishAs, traces };
}

test("a run whose worker's lease was taken over settles nothing of its own, and is told apart in the history", async () => {
  const { world, database, finishAs, traces } = await openFeed();
  await using _ = world;
  const [first, second] = [await enlist(world), await enlist(world)];
  const slow = await finishAs("slow", await claim(world, first));

  await expireLeases(database, [first]);
  expect(await rescueOrphans(database, { namespace: NAMESPACE, registry: world.registry })).toBe(1);
  expect(await claim(world, first)).toEqual([]);
  await database.query("update headworks.tasks set alone = false");
  const quick = await finishAs("quick", await claim(world, second));
  await settleRuns(world, second, [quick]);
  const before = await traces();
  const settled = await settleRuns(world, first, [slow]);

  expect(settled.released).toBe(0);
  expect(await traces()).toEqual(before);
  expect(before.rows).toEqual([
    { id: "nba", by: "quick" },
    { id: "quick", by: "quick" },
  ]);
  expect(await readRuns(database)).toMatchObject([
    {
      id: slow.task.run_id,
      attempt: 1,
      attempt_used: false,
      outcome: "error",
      reason: "lease_lost",
      rows_inserted: 0,
    },
    { id: quick.task.run_id, attempt: 2, attempt_used: true, outcome: "success", rows_inserted: 2 },
  ]);
});

test("nor does it while another's run goes on, or after the task was claimed again by the same worker", async () => {
  const { world, database, finishAs, traces } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  const zombie = await finishAs("zombie", await claim(world, worker));
  await expireLeases(database, [worker]);
  await rescueOrphans(database, { namespace: NAMESPACE, registry: world.registry });
  await database.query("update headworks.tasks set alone = false");
  const again = await enlist(world);
  const fresh = await finishAs("fresh", await claim(world, again));

  const before = await traces();
  await settleRuns(world, worker, [zombie]);
  // As if the fence were the worker alone: the attempt tells them apart.
  await settleRuns(world, again, [zombie]);
  expect(await traces()).toEqual(before);
  expect(before.tasks).toMatchObject([
    { processor: "feed", state: "running", attempt: 2, run_id: fresh.task.run_id },
  ]);

  await settleRuns(world, again, [fresh]);
  expect(await readOutput(database, "feed", "all")).toMatchObject({ status: "complete" });
});

test("a run that is settled twice, since the answer of its commit got lost, counts once", async () => {
  const { world, database, finishAs, traces } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  const run = await finishAs("once", await claim(world, worker));

  await settleRuns(world, worker, [run]);
  const before = await traces();
  await settleRuns(world, worker, [run]);

  expect(await traces()).toEqual(before);
  expect(await readRuns(database)).toMatchObject([{ outcome: "success", reason: null, rows_inserted: 2 }]);
});

test("in a group with it, the others settle", async () => {
  const [one, two] = ["one", "two"].map((name) => processor(name, { phase: "all", run: () => undefined }));
  if (one === undefined || two === undefined) throw new Error("no processors");
  await using world = await openWorld([pipelineOf(one, two)]);
  const { database } = world.db;
  const worker = await enlist(world);
  const tasks = await claim(world, worker);
  await database.query(
    "update headworks.tasks set state = 'ready', worker_id = null, run_id = null where processor = 'one'",
  );
  const runs = tasks.map((task) => {
    const compiled = world.registry.processors.get(task.processor);
    if (compiled === undefined) throw new Error("unknown");
    return startRun(world.services, compiled, task).finished;
  });

  const settled = await settleRuns(world, worker, await Promise.all(runs));

  expect(settled.runs.map(({ run, settlement }) => [run.task.processor, settlement.reason])).toEqual([
    ["one", "lease_lost"],
    ["two", null],
  ]);
  expect(await readLedger(database)).toEqual({ "one[all]": "expected / ready", "two[all]": "complete" });
});

test("files of a run that settled nothing never get their name", async () => {
  const { world, database, finishAs } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  const run = await finishAs("lost", await claim(world, worker));
  await database.query("update headworks.tasks set state = 'ready', worker_id = null, run_id = null");

  await settleRuns(world, worker, [run]);
  await world.services.artifacts.recover(database);

  expect(run.artifacts).toHaveLength(1);
  expect(await readNumber(database, "select count(*) from headworks.artifacts")).toBe(0);
  expect(existsSync("teams.json")).toBe(false);
});

test("a run of a processor that is in no configuration any more ends in the history, its task goes; another version's is left to it", async () => {
  const { world, database } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  const [task] = await claim(world, worker);
  await expireLeases(database, [worker]);
  const without = { namespace: NAMESPACE, registry: { ...world.registry, processors: new Map() } };

  expect(await rescueOrphans(database, without)).toBe(0);
  expect(await readNumber(database, "select count(*) from headworks.tasks where state = 'running'")).toBe(1);

  await database.query("update headworks.processors set retired_at = now()");
  expect(await rescueOrphans(database, without)).toBe(1);
  expect(await readNumber(database, "select count(*) from headworks.tasks")).toBe(0);
  expect(await readRuns(database)).toMatchObject([
    { id: task?.run_id, attempt: 1, attempt_used: false, outcome: "error", reason: "crashed" },
  ]);
});

test("a settled file that is gone keeps no other from its name, and is told once", async () => {
  const { world, database, finishAs } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  await settleRuns(world, worker, [await finishAs("kept", await claim(world, worker))]);
  await database.query(
    `insert into headworks.artifacts (namespace, path, state, temporary_name, bytes, hash, processor, partition, run_id, settled_at)
     values ('prod', 'gone.json', 'settled', 'gone', 1, 'h', 'p', 'a', gen_random_uuid(), now() - interval '6 minutes'),
       ('prod', 'under way.json', 'settled', 'elsewhere', 1, 'h', 'p', 'a', gen_random_uuid(), now() - interval '4 minutes')`,
  );

  await world.services.artifacts.recover(database);
  await world.services.artifacts.recover(database);

  expect(existsSync(join(world.dataDir, "artifacts", "prod", "teams.json"))).toBe(true);
  const { rows } = await database.query("select kind, subject from headworks.events");
  expect(rows).toEqual([{ kind: "artifact.missing", subject: "prod/gone.json" }]);
});

test("a lease that ran out is as good as new once it is renewed, if nobody took it over", async () => {
  const { world, database, finishAs } = await openFeed();
  await using _ = world;
  const worker = await enlist(world);
  const run = await finishAs("late", await claim(world, worker));
  await expireLeases(database, [worker]);

  expect(await renewLeases(database, [worker], 60_000)).toEqual(new Set([worker]));
  expect(await rescueOrphans(database, { namespace: NAMESPACE, registry: world.registry })).toBe(0);
  await settleRuns(world, worker, [run]);

  expect(await readOutput(database, "feed", "all")).toMatchObject({ status: "complete" });
  expect(await listWorkers(database)).toMatchObject([{ id: worker, running: 0 }]);
});
