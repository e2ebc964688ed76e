// Tests of processors' circuit breakers: shared by engines, probed by one run, and a wait that uses no attempt.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { dependencyMissing, noData } from "../../define/results.ts";
import { listBreakers } from "../../store/failure/breakers.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readRuns } from "../../testing/engine-ledger.ts";

const days = daily({ start: "2025-01-01", end: "2025-01-12" });

test("failures in two engines open one breaker: what is left waits and says why, one run probes, and its success releases all", async () => {
  await using db = await createTestDatabase();
  const fixed = { is: false, began: 0 };
  const feed = () =>
    processor("feed", {
      phase: "all",
      partitions: days,
      queue: { ...eager, maxAttempts: 1_000 },
      breaker: { failures: 3, reset: "1h" },
      async run() {
        fixed.began += 1;
        if (!fixed.is) throw new Error("the page has changed");
        return noData("");
      },
    });
  const settings = { database: db, concurrency: 1 };
  await using _first = await startEngine([pipelineOf(feed())], settings);
  await using _second = await startEngine([pipelineOf(feed())], settings);
  const waiting =
    "select count(*) from headworks.tasks where state = 'waiting' and last_reason = 'breaker_open'";

  await expect.poll(() => readNumber(db.database, waiting), { timeout: 30_000 }).toBe(12);
  const [open] = await listBreakers(db.database, "prod");
  expect(open).toMatchObject({ kind: "processor", name: "feed", state: "open" });
  expect(open?.reason).toMatch(/failures in a row; the last: the page has changed$/);
  // Those that were under way when it opened, at most one in each engine, come on top.
  expect(fixed.began).toBeLessThanOrEqual(5);
  const waited = (await readRuns(db.database, "feed")).filter((run) => run.reason === "breaker_open");
  expect(waited.every((run) => !run.attempt_used)).toBe(true);

  fixed.is = true;
  await db.database.query(
    "update headworks.breakers set retry_at = clock_timestamp(), version = version + 1",
  );
  await db.database.query("update headworks.tasks set due_at = clock_timestamp() where state = 'waiting'");
  await expect
    .poll(
      () =>
        readNumber(db.database, "select count(*) from headworks.runs where outcome = 'no_data_available'"),
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
  const events = "select kind from headworks.events where kind like 'breaker%' order by id";
  await expect
    .poll(async () => (await db.database.query(events)).rows.map((row) => row.kind), { timeout: 30_000 })
    .toEqual(["breaker.open", "breaker.half_open", "breaker.closed"]);
  await db.database.query("update headworks.tasks set due_at = clock_timestamp() where state = 'waiting'");
  await expect
    .poll(() => readNumber(db.database, "select count(*) from headworks.outputs where status = 'empty'"), {
      timeout: 30_000,
    })
    .toBe(12);
}, 120_000);

test("what isn't there yet and what is abandoned say nothing of a processor", async () => {
  const waits = processor("waits", {
    phase: "all",
    partitions: days,
    breaker: { failures: 1, reset: "1h" },
    run: () => dependencyMissing("not yet"),
  });
  await using engine = await startEngine([pipelineOf(waits)]);

  await engine.untilRun("waits", "2025-01-12");
  await engine.untilSettled();

  expect(await listBreakers(engine.db.database, "prod")).toMatchObject([
    { state: "closed", failures_in_row: 0 },
  ]);
});
