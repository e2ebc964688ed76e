// Tests of what a process says of itself.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { openDatabase } from "../../store/database.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import { openLog } from "../../telemetry/log.ts";
import { openWorld, pipelineOf, startEngine } from "../../testing/engine.ts";
import { Vitals } from "./vitals.ts";

const idle = processor("idle", { phase: "all", run: () => undefined });
const quiet = openLog({ format: "json", level: "error" });

test("a queue for connections is seen, and an event loop that was held up, once", async () => {
  await using world = await openWorld([pipelineOf(idle)]);
  const database = openDatabase({ url: world.db.url, role: "test", maxConnections: 1 });
  const reads = openDatabase({ url: world.db.url, role: "test", maxConnections: 1 });
  const vitals = new Vitals({ database, reads }, quiet, () => "none");
  vitals.start();
  const held = await database.connect();
  const read = await reads.connect();
  const waits = Promise.all([
    database.query("select 1"),
    database.query("select 2"),
    reads.query("select 3"),
  ]);
  await holdUp(200);

  const seen = vitals.read();

  expect(seen).toMatchObject({ poolConnections: 2, poolWaiting: expect.any(Number) });
  expect(seen.poolWaiting).toBeGreaterThanOrEqual(3);
  expect(seen.loopDelayMs).toBeGreaterThan(100);
  expect(seen.memoryBytes).toBeGreaterThan(10_000_000);
  expect(vitals.read().loopDelayMs).toBe(0);
  held.release();
  read.release();
  await waits;
  await vitals.stop();
  await Promise.all([database.end(), reads.end()]);
});

test("a worker that has just started has said so", async () => {
  await using engine = await startEngine([pipelineOf(idle)]);
  await engine.untilRun("idle", "all");

  const told = async () => (await listWorkers(engine.db.database))[0]?.vitals_at ?? undefined;
  await expect.poll(told).toEqual(expect.any(String));
});

/** Blocks the event loop between two of its timers, so that the histogram has begun before and looks after it. */
async function holdUp(ms: number): Promise<void> {
  await turn();
  const until = performance.now() + ms;
  while (performance.now() < until);
  await turn();
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 50));
