// Tests of circuit breakers in a running engine: tasks wait, say why, and use no attempt meanwhile.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readRuns } from "../../testing/engine-ledger.ts";
import { sourceAt, startServer } from "../source/source.fixture.ts";

test("a task whose source's breaker is open waits for the probe without using an attempt, and says why", async () => {
  const health = { status: 503 };
  await using server = await startServer((_, response) => response.writeHead(health.status).end("ok"));
  const source = sourceAt(server.url, { breaker: { failures: 1, reset: "1h" }, maxRetries: 0 });
  const scrape = processor("scrape", {
    phase: "all",
    queue: eager,
    run: async (ctx) => void (await ctx.http(source).text("/")),
  });
  await using engine = await startEngine([pipelineOf(scrape)], { sources: [source] });

  await engine.untilRun("scrape", "all", ({ settlement }) => settlement.reason === "breaker_open");
  expect(await engine.output("scrape")).toMatchObject({
    status: "expected",
    reason: "breaker_open",
    task: "waiting",
  });
  health.status = 200;
  await engine.db.database.query(
    "update headworks.breakers set retry_at = clock_timestamp(), version = version + 1",
  );
  await engine.db.database.query("update headworks.tasks set due_at = clock_timestamp()");
  await engine.untilRun("scrape", "all", ({ settlement }) => settlement.outcome === "success");

  const runs = await readRuns(engine.db.database, "scrape");
  expect(runs[0]).toMatchObject({ outcome: "error", reason: "thrown", attempt_used: true });
  expect(runs[1]).toMatchObject({
    outcome: "dependency_missing",
    reason: "breaker_open",
    attempt_used: false,
  });
  expect(server.requests).toHaveLength(2);
});
