// Workers by the command line: each process with its lease, and what it runs.

import { expect, test } from "vitest";
import { listWorkers } from "../contract/workers.ts";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { expireLeases, recordVitals } from "../store/queue/workers.ts";
import { openWorld, pipelineOf } from "../testing/engine.ts";
import { claim, enlist } from "../testing/engine-claims.ts";
import { runCommand } from "./command.fixture.ts";

test("lists every process with its lease and what it runs, and says when there is none", async () => {
  const partitions = daily({ start: "2026-01-01", end: "2026-01-02" });
  const days = processor("days", { phase: "all", partitions, run: () => undefined });
  await using world = await openWorld([pipelineOf(days)]);
  const { database, url } = world.db;
  const list = (...args: string[]) => runCommand(["workers", "list", ...args, "--database-url", url]);
  expect(await list()).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("no worker") });

  const busy = await enlist(world, { leaseMs: 3_600_000 });
  const [task] = await claim(world, busy, { limit: 1 });
  await recordVitals(database, busy, {
    memoryBytes: 83_000_000,
    loopDelayMs: 1_500,
    poolConnections: 8,
    poolWaiting: 3,
  });
  const gone = await enlist(world);
  await expireLeases(database, [gone]);
  const { items } = listWorkers.output.parse(JSON.parse((await list("--json")).stdout));
  expect(items).toMatchObject([
    {
      id: busy,
      pid: process.pid,
      concurrency: 1,
      lease_expired: false,
      memory_bytes: 83_000_000,
      loop_delay_ms: 1_500,
      pool_connections: 8,
      pool_waiting: 3,
      vitals_at: expect.any(String),
      runs: [{ processor: "days", partition: task?.partition, attempt: 1, running_ms: expect.any(Number) }],
    },
    { id: gone, lease_expired: true, lease_expires_at: null, vitals_at: null, runs: [] },
  ]);

  const { stdout } = await list();
  expect(stdout).toMatch(new RegExp(` ${process.pid} .* in \\S+ +83 MB +1\\.5s +8, 3 waiting +1 of 1$`, "m"));
  expect(stdout).toMatch(/ expired +– +– +– +0 of 1$/m);
  expect(stdout).toContain(`days[${task?.partition}]`);
});
