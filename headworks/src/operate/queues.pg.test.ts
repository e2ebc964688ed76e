// Tests of what people do to queues: pausing, resuming and purging them, with what the ledger says afterward.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { sweepUnreleased } from "../engine/duties/sweeper.ts";
import { countPurgeable } from "../inspect/queues.ts";
import { listQueues } from "../store/queue/queues.ts";
import { requestTask } from "../store/queue/tasks.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../testing/engine-claims.ts";
import { readLedger, readNumber, readOutput } from "../testing/engine-ledger.ts";
import type { Operator } from "./operator.ts";
import { pauseQueue, purgeQueue, resumeQueue } from "./queues.ts";

const week = daily({ start: "2026-01-01", end: "2026-01-07" });
const stats = queue("stats", { maxDispatchesPerSecond: 0.001, maxBurstSize: 3 });
const days = processor("days", { phase: "all", partitions: week, queue: stats, run: () => undefined });
const needy = processor("needy", {
  phase: "all",
  partitions: week,
  needs: [days],
  queue: stats,
  run: () => undefined,
});

const name = "stats";
const operatorOf = (world: World): Operator => ({
  database: world.db.database,
  namespace: NAMESPACE,
  actor: "ada",
});

test("a paused queue grants nothing, and goes on with its burst when it is resumed", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const worker = await enlist(world);
  expect(await pauseQueue(operator, { name })).toMatchObject({ was_paused: false });
  const again = await pauseQueue(operator, { name });
  expect(again).toEqual({ name, paused_at: expect.any(String), was_paused: true });
  expect(await claim(world, worker, { queue: "stats" })).toEqual([]);
  expect(await listQueues(database)).toMatchObject([
    { name: "stats", paused_at: again.paused_at, rate: 0.001, burst: 3, tokens: 3, ready: 7, running: 0 },
  ]);

  expect(await resumeQueue(operator, { name })).toEqual({ name, paused_at: null, was_paused: true });
  expect(await resumeQueue(operator, { name })).toEqual({ name, paused_at: null, was_paused: false });
  expect(await claim(world, worker, { queue: "stats" })).toHaveLength(3);
  const [listed] = await listQueues(database);
  expect(listed).toMatchObject({ paused_at: null, ready: 4, running: 3 });
  expect(listed?.tokens).toBeLessThan(1);
  await expect(pauseQueue(operator, { name: "stat" })).rejects.toMatchObject({
    code: "UNKNOWN_QUEUE",
    hint: "did you mean stats?",
  });
});

test("a purge deletes what waits for its turn, waives its outputs, and leaves what runs and what failed", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const worker = await enlist(world);
  const [running, failing] = await claim(world, worker, { queue: "stats", limit: 2 });
  if (running === undefined || failing === undefined) throw new Error("there was nothing to claim");
  await settleRuns(world, worker, [returned(world, failing, { report: { kind: "invalid" } })]);
  const found = await countPurgeable(database, NAMESPACE, { name });
  expect(found).toMatchObject({ purgeable: 5, running: 1, failed: 1 });

  const seen: number[] = [];
  const purged = await purgeQueue(operator, { name, newest_id: found.newest_id }, (done) => seen.push(done));
  expect(purged).toEqual({ name, purged: 5, waived: 5, released: 0 });
  expect(seen.at(-1)).toBe(5);
  const statuses = Object.values(await readLedger(database)).toSorted();
  expect(statuses).toEqual(["expected / running", "failed / failed", ...Array(5).fill("waived")]);
  expect(await readNumber(database, "select count(*) from headworks.outputs where reason = 'purged'")).toBe(
    5,
  );
  expect(await sweepUnreleased(database, "prod")).toBe(0);
  expect(await purgeQueue(operator, { name, newest_id: found.newest_id })).toEqual({
    name,
    purged: 0,
    waived: 0,
    released: 0,
  });

  const settled = await settleRuns(world, worker, [returned(world, running)]);
  expect(settled.runs).toMatchObject([{ settlement: { outcome: "success" } }]);
});

test("what is purged can be asked for again; what was complete before stays complete", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const worker = await enlist(world);
  const [first] = await claim(world, worker, { queue: "stats", limit: 1 });
  if (first === undefined) throw new Error("there was nothing to claim");
  await settleRuns(world, worker, [returned(world, first)]);
  const request = { forced: false, fromArchive: false, traceparent: "" };
  await requestTask(database, { ...request, outputId: first.output_id });
  const { newest_id } = await countPurgeable(database, NAMESPACE, { name });
  expect(await purgeQueue(operator, { name, newest_id })).toMatchObject({ purged: 7, waived: 6 });
  expect(await readOutput(database, "days", first.partition)).toMatchObject({
    status: "complete",
    task: null,
  });

  const { id } = await readOutput(
    database,
    "days",
    first.partition === "2026-01-02" ? "2026-01-03" : "2026-01-02",
  );
  await requestTask(database, { ...request, outputId: id });
  expect(await claim(world, worker, { queue: "stats" })).toMatchObject([{ output_id: id }]);
});

test("a purge releases what is downstream in the same queue, and doesn't follow it", async () => {
  await using world = await openWorld([pipelineOf(days, needy)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const { newest_id } = await countPurgeable(database, NAMESPACE, { name });
  expect(await purgeQueue(operator, { name, newest_id })).toEqual({
    name,
    purged: 7,
    waived: 7,
    released: 7,
  });
  expect(await readOutput(database, "needy", "2026-01-01")).toMatchObject({
    status: "expected",
    task: "ready",
  });
  expect(await sweepUnreleased(database, "prod")).toBe(0);
});
