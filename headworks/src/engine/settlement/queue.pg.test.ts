// Tests of the settlement of groups: one that can't be settled harms nobody, and one that loses a race isn't changed by it.

import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { openDatabase } from "../../store/database.ts";
import { openLog } from "../../telemetry/log.ts";
import { openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settlerOf } from "../../testing/engine-claims.ts";
import { readLedger, readNumber, readRuns } from "../../testing/engine-ledger.ts";
import type { FinishedRun } from "../run/finished-run.ts";
import { SettleQueue } from "./queue.ts";
import type { SettledRun } from "./settled-run.ts";

const days = processor("days", {
  phase: "all",
  partitions: daily({ start: "2024-01-01", end: "2024-01-20" }),
  run: () => undefined,
});
const poison = { metrics: [{ name: "nothing", value: Number.NaN, labels: {} }] };

function openQueue(world: World, worker: string, database = world.db.database, onWarning = () => undefined) {
  const settled: SettledRun[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(_chunk, _encoding, done) {
      onWarning();
      done();
    },
  });
  const queue = new SettleQueue({
    database,
    log: openLog({ format: "json", stream }),
    redact: (text) => text,
    settler: () => settlerOf(world, worker),
    async onSettled(group) {
      settled.push(...group.runs);
      if (group.runs.length > 1) throw new Error("what follows a settlement may fail");
    },
  });
  return { queue, settled };
}

test("a member that poisons its group is settled as an error by itself, and the others as they are", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const worker = await enlist(world);
  const tasks = await claim(world, worker);
  const { queue, settled } = openQueue(world, worker);

  for (const [index, task] of tasks.entries()) queue.add(returned(world, task, index === 7 ? poison : {}));
  await queue.drain();

  expect(queue.size).toBe(0);
  expect(settled).toHaveLength(20);
  const runs = await readRuns(world.db.database);
  expect(runs).toHaveLength(20);
  expect(runs.filter((run) => run.outcome !== "success")).toMatchObject([
    {
      partition: tasks[7]?.partition,
      outcome: "error",
      reason: "thrown",
      attempt_used: true,
      error: { message: expect.stringContaining("null value") },
    },
  ]);
});

test("what follows a settlement may fail: nothing is settled again", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const worker = await enlist(world);
  const { queue, settled } = openQueue(world, worker);

  for (const task of await claim(world, worker)) queue.add(returned(world, task));
  await queue.drain();

  expect(settled).toHaveLength(20);
  expect(settled.every(({ settlement }) => settlement.outcome === "success")).toBe(true);
});

test("a run that loses a race for a lock, however often, keeps what it brought", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const worker = await enlist(world);
  const [task] = await claim(world, worker);
  if (task === undefined) throw new Error("nothing was claimed");
  const impatient = openDatabase({ url: world.db.url, role: "impatient", maxConnections: 2 });
  impatient.on("connect", (client) => {
    void client.query("set lock_timeout = '20ms'");
  });
  const other = await world.db.database.connect();
  await other.query("begin");
  await other.query("select from headworks.outputs where id = $1 for update", [task.output_id]);
  let refused = 0;
  const enough = Promise.withResolvers<void>();
  const { queue } = openQueue(world, worker, impatient, () => {
    refused += 1;
    if (refused === 4) enough.resolve();
  });

  queue.add(returned(world, task));
  await enough.promise;
  await other.query("rollback");
  other.release();
  await queue.drain();
  await impatient.end();

  expect(await readRuns(world.db.database)).toMatchObject([{ outcome: "success", records: 1 }]);
});

test("a large run settles by itself, and many small ones together", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const worker = await enlist(world);
  const groups: number[] = [];
  const queue = new SettleQueue({
    database: world.db.database,
    log: world.services.log,
    redact: (text) => text,
    settler: () => settlerOf(world, worker),
    async onSettled(group) {
      groups.push(group.runs.length);
    },
  });
  const large = {
    written: new Map([["days", { rows: Array.from({ length: 1_001 }, () => "{}"), staged: 0 }]]),
  };
  const runs = (await claim(world, worker)).map(
    (task, index): FinishedRun => returned(world, task, index === 10 ? large : {}),
  );

  for (const run of runs) queue.add(run);
  await queue.drain();

  expect(groups.reduce((sum, size) => sum + size, 0)).toBe(20);
  // Two settle at once as they come; then all up to the large one, the large one, and the rest.
  expect(groups.toSorted((a, b) => a - b)).toEqual([1, 1, 1, 8, 9]);
  expect(new Set(Object.values(await readLedger(world.db.database)))).toEqual(new Set(["complete"]));
  expect(await readNumber(world.db.database, "select count(*) from headworks.tasks")).toBe(0);
});
