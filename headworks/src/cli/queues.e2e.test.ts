// Queues by the command line: what they hold, pausing one, and purging it only when that is confirmed.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { openWorld, pipelineOf } from "../testing/engine.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand } from "./command.fixture.ts";

const week = daily({ start: "2026-01-01", end: "2026-01-07" });
const stats = queue("stats", { maxDispatchesPerSecond: 2, maxBurstSize: 5, maxConcurrentDispatches: 3 });

test("lists, pauses, resumes and purges a queue, and keeps who did it", async () => {
  const days = processor("days", { phase: "all", partitions: week, queue: stats, run: () => undefined });
  await using world = await openWorld([pipelineOf(days)]);
  const { database, url } = world.db;
  const queues = (...args: string[]) => runCommand(["queues", ...args, "--database-url", url]);

  const listed = await queues("list", "--json");
  expect(JSON.parse(listed.stdout)).toEqual({
    items: [
      {
        name: "stats",
        paused_at: null,
        rate: 2,
        burst: 5,
        max_concurrent: 3,
        tokens: 5,
        scheduled: 0,
        ready: 7,
        running: 0,
        waiting: 0,
        failed: 0,
        lanes: [],
      },
    ],
    next_cursor: null,
  });
  expect(await queues("pause", "stats")).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "stats is paused, what runs of it runs on; `headworks queues resume stats` goes on\n",
  });
  const table = await queues("list");
  expect(table.stdout).toMatch(/^stats {2}paused .* {2}7 .* 5 of 5$/m);
  expect(await queues("resume", "stats")).toMatchObject({ code: 0, stderr: "stats goes on\n" });

  const refused = await queues("purge", "stats");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("7 tasks of stats would be deleted; that was not confirmed");
  expect(await readNumber(database, "select count(*) from headworks.tasks")).toBe(7);
  const purged = await queues("purge", "stats", "--yes");
  expect(purged).toMatchObject({ code: 0, stderr: "stats: 7 tasks deleted, 7 outputs waived\n" });
  const outputs = await runCommand(["outputs", "list", "--limit", "1", "--database-url", url]);
  expect(outputs.stdout).toMatch(/^days .* waived .* purged$/m);
  const again = await queues("purge", "stats", "--json");
  expect(JSON.parse(again.stdout)).toEqual({ name: "stats", purged: 0, waived: 0, released: 0 });

  const unknown = await queues("pause", "stat");
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean stats?") });
  const audit = await database.query(
    "select action, subject, details from headworks.audit_log where actor <> '' order by id",
  );
  expect(audit.rows.slice(0, 4)).toEqual([
    { action: "queues.pause", subject: "stats", details: {} },
    { action: "queues.resume", subject: "stats", details: {} },
    { action: "queues.purge", subject: "stats", details: { purged: 7, waived: 7, released: 0 } },
    { action: "queues.purge", subject: "stats", details: { purged: 0, waived: 0, released: 0 } },
  ]);
}, 120_000);

test("a queue's lanes are shown with what they hold, and tasks by their lane", async () => {
  const days = processor("days", {
    phase: "all",
    partitions: week,
    queue: queue("stats", { lanes: { live: { weight: 3 }, backfill: { maxDispatchesPerSecond: 1 } } }),
    run: () => undefined,
  });
  await using world = await openWorld([pipelineOf(days)]);
  const headworks = (...args: string[]) => runCommand([...args, "--database-url", world.db.url]);
  const two = ["2026-01-01", "2026-01-02"];
  expect((await headworks("tasks", "add", "days", ...two, "--lane", "backfill")).code).toBe(0);
  expect((await headworks("tasks", "add", "days", ...two, "--lane", "backfil")).stderr).toMatch(
    /did you mean backfill/,
  );

  const { items } = JSON.parse((await headworks("queues", "list", "--json")).stdout);
  expect(items[0].lanes).toMatchObject([
    { name: "live", weight: 3, rate: null, ready: 5, running: 0 },
    { name: "backfill", weight: 1, rate: 1, burst: 1, ready: 2, running: 0 },
  ]);
  const { stdout } = await headworks("queues", "list");
  expect(stdout).toMatch(/^stats +open +7 .*\n {2}live +5 .* 3\n {2}backfill +2 .* 1 +1 of 1 +1$/m);
  expect((await headworks("tasks", "list", "--lane", "backfill")).stdout).toMatch(
    /^days +2026-01-02 +stats +backfill +ready/m,
  );
  const inLive = JSON.parse((await headworks("tasks", "list", "--lane", "live", "--json")).stdout);
  expect(inLive.items).toHaveLength(5);
}, 120_000);
