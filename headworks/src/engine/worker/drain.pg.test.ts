// Tests of the drain: what runs may end, the rest is abandoned and uses no attempt, and the next engine goes on.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import { openWorld, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readOutcomes, readRuns } from "../../testing/engine-ledger.ts";

const endless = (ctx: { signal: AbortSignal }) =>
  new Promise<void>((_resolve, reject) => {
    ctx.signal.addEventListener("abort", () => reject(new Error("told to stop")));
  });

test("stopping lets what runs end, starts nothing more, and leaves no worker behind", async () => {
  const open = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow = processor("slow", {
    phase: "all",
    run() {
      started.resolve();
      return open.promise;
    },
  });
  const after = processor("after", { phase: "all", needs: [slow], run: () => undefined });
  await using engine = await startEngine([pipelineOf(slow, after)]);
  await started.promise;

  const stopped = engine.stop(60_000);
  open.resolve();
  await stopped;

  expect(await engine.ledger()).toEqual({ "after[all]": "expected / ready", "slow[all]": "complete" });
  expect(await listWorkers(engine.db.database)).toEqual([]);
});

test("what doesn't end in time is released, uses no attempt, and a second engine resumes it", async () => {
  const started = Promise.withResolvers<void>();
  let stubborn = true;
  const hung = processor("hung", {
    phase: "all",
    run(ctx) {
      started.resolve();
      return stubborn ? endless(ctx) : undefined;
    },
  });
  const after = processor("after", { phase: "all", needs: [hung], run: () => undefined });
  const pipeline = pipelineOf(hung, after);
  await using first = await startEngine([pipeline]);
  await started.promise;

  await first.stop(0);
  expect(await first.output("hung")).toMatchObject({
    status: "expected",
    task: "ready",
    attempt: 1,
    attempts_used: 0,
    alone: false,
  });
  stubborn = false;
  await using second = await startEngine([pipeline], { database: first.db });
  await second.untilRun("after", "all");

  expect(await readRuns(first.db.database)).toMatchObject([
    { processor: "hung", attempt: 1, attempt_used: false, outcome: "error", reason: "abandoned" },
    { processor: "hung", attempt: 2, attempt_used: true, outcome: "success" },
    { processor: "after", attempt: 1, attempt_used: true, outcome: "success" },
  ]);
});

test("a run that must be alone is abandoned too", async () => {
  const started = Promise.withResolvers<void>();
  const poison = processor("poison", {
    phase: "all",
    run(ctx) {
      started.resolve();
      return endless(ctx);
    },
  });
  await using world = await openWorld([pipelineOf(poison)]);
  await world.db.database.query("update headworks.tasks set alone = true");
  await using engine = await startEngine([pipelineOf(poison)], { database: world.db });
  await started.promise;

  await engine.stop(0);

  expect(await engine.output("poison")).toMatchObject({ task: "ready", attempts_used: 0, alone: true });
  expect(await readOutcomes(engine.db.database, "poison")).toEqual(["error / abandoned"]);
});

test("an engine that is stopped at once leaves everything as it was", async () => {
  const quick = processor("quick", { phase: "all", run: () => undefined });
  await using engine = await startEngine([pipelineOf(quick)]);

  await engine.stop(0);

  const left = await readNumber(
    engine.db.database,
    "select count(*) from headworks.tasks where state = 'running'",
  );
  expect(left).toBe(0);
  expect(await listWorkers(engine.db.database)).toEqual([]);
});
