// Tests of edges in a running engine: optional needs, alternatives, degraded upstreams that heal, and waits by name.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { anyOf, need, optional } from "../../define/needs.ts";
import { processor } from "../../define/processor.ts";
import { dependencyMissing, noData } from "../../define/results.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readOutcomes, readRuns } from "../../testing/engine-ledger.ts";

const rows = (name: string) => dataset(name, { schema: z.object({ id: z.int() }), key: ["id"] });
const upTo = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const nothing = () => undefined;
/** A promise, and what keeps it. */
const gate = () => Promise.withResolvers<void>();

test("an optional need waits until it is settled in any way, failed too", async () => {
  const odds = processor("odds", {
    phase: "all",
    queue: eager,
    run: () => Promise.reject(new Error("gone")),
  });
  const wants = processor("wants", { phase: "all", needs: [optional(odds)], run: nothing });
  const requires = processor("requires", { phase: "all", needs: [odds], run: nothing });
  await using engine = await startEngine([pipelineOf(odds, wants, requires)]);

  await engine.untilRun("wants", "all");

  expect(await engine.ledger()).toEqual({
    "odds[all]": "failed / failed",
    "requires[all]": "expected",
    "wants[all]": "complete",
  });
  const order = (await readRuns(engine.db.database)).map((run) => run.processor);
  expect(order).toEqual(["odds", "odds", "odds", "wants"]);
});

test.each(["first", "second"])(
  "of two alternatives the one that comes first is enough: %s",
  async (quick) => {
    const late = gate();
    const run = (name: string) => () => (name === quick ? undefined : late.promise);
    const first = processor("first", { phase: "all", run: run("first") });
    const second = processor("second", { phase: "all", run: run("second") });
    const after = processor("after", { phase: "all", needs: [anyOf(first, second)], run: nothing });
    await using engine = await startEngine([pipelineOf(first, second, after)]);

    await engine.untilRun("after", "all");
    late.resolve();
    await engine.untilRun(quick === "first" ? "second" : "first", "all");
    await engine.untilSettled();

    expect(await readOutcomes(engine.db.database, "after")).toEqual(["success"]);
    expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  },
);

test("an alternative counts when all of its partitions are there, not some of each", async () => {
  const broken = processor("broken", {
    phase: "all",
    queue: eager,
    run: () => Promise.reject(new Error("x")),
  });
  const other = processor("other", { phase: "all", queue: eager, run: () => Promise.reject(new Error("x")) });
  const after = processor("after", { phase: "all", needs: [anyOf(broken, other)], run: nothing });
  await using engine = await startEngine([pipelineOf(broken, other, after)]);

  await engine.untilRun("broken", "all", ({ settlement }) => settlement.task.to === "failed");
  await engine.untilRun("other", "all", ({ settlement }) => settlement.task.to === "failed");

  expect(await engine.output("after")).toMatchObject({ status: "expected", task: null });
});

test("who accepts less runs on a degraded upstream, runs again when it has healed, and so does what used it", async () => {
  const scores = rows("scores");
  const summary = rows("summary");
  let found = 3;
  const feed = processor("feed", {
    phase: "all",
    output: scores,
    expect: 9,
    recheckEvery: "1ms",
    queue: eager,
    async run(ctx) {
      if (found === 0) throw new Error("the source is down for a moment");
      await ctx.write(scores, upTo(found));
    },
  });
  const strict = processor("strict", { phase: "all", needs: [feed], run: nothing });
  const lenient = processor("lenient", {
    phase: "all",
    output: summary,
    needs: [need(feed, { accept: "degraded" })],
    async run(ctx) {
      await ctx.write(summary, await ctx.read(scores).rows());
    },
  });
  const page = processor("page", { phase: "all", needs: [lenient], run: nothing });
  await using engine = await startEngine([pipelineOf(feed, strict, lenient, page)]);

  await engine.untilRun("page", "all");
  expect(await engine.output("strict")).toMatchObject({ status: "expected", task: null });
  expect(await readNumber(engine.db.database, "select count(*) from prod.summary")).toBe(3);
  // A failure between makes the feed's output expected again; that it was degraded must not be forgotten.
  found = 0;
  await engine.untilRun("feed", "all", ({ settlement }) => settlement.outcome === "error");
  found = 9;
  await engine.untilRun(
    "page",
    "all",
    (run) => run !== engine.settled.find((each) => each.run.processor.name === "page"),
  );
  await engine.untilRun("strict", "all");
  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  expect(await readNumber(engine.db.database, "select count(*) from prod.summary")).toBe(9);
  expect(await readOutcomes(engine.db.database, "lenient")).toEqual(["success", "success"]);
  expect(await readOutcomes(engine.db.database, "page")).toEqual(["success", "success"]);
  expect(await readOutcomes(engine.db.database, "strict")).toEqual(["success"]);
});

test("what made do without a failed upstream runs again when somebody has it run and it succeeds", async () => {
  let works = false;
  const extra = processor("extra", {
    phase: "all",
    queue: eager,
    run: () => (works ? undefined : Promise.reject(new Error("x"))),
  });
  const after = processor("after", { phase: "all", needs: [optional(extra)], run: nothing });
  await using engine = await startEngine([pipelineOf(extra, after)]);
  await engine.untilRun("after", "all");

  works = true;
  await engine.request("extra");
  await engine.untilRun(
    "after",
    "all",
    (run) => run !== engine.settled.find((each) => each.run.processor.name === "after"),
  );

  expect(await engine.ledger()).toEqual({ "after[all]": "complete", "extra[all]": "complete" });
});

test("a run that waits for an output by name is woken when that settles", async () => {
  const open = gate();
  const slow = processor("slow", { phase: "all", run: () => open.promise });
  let tries = 0;
  const waits = processor("waits", {
    phase: "all",
    recheckEvery: "1h",
    run() {
      tries += 1;
      return tries > 1 ? undefined : dependencyMissing("not yet", { processor: "slow", partition: "all" });
    },
  });
  await using engine = await startEngine([pipelineOf(slow, waits)]);

  await engine.untilRun("waits", "all");
  expect(await engine.output("waits")).toMatchObject({
    status: "expected",
    task: "waiting",
    attempts_used: 0,
  });
  open.resolve();
  await engine.untilRun("waits", "all", ({ settlement }) => settlement.outcome === "success");

  expect(await readOutcomes(engine.db.database, "waits")).toEqual([
    "dependency_missing / declared",
    "success",
  ]);
});

test("a run that comes to wait for an output that has settled since its claim runs again at once", async () => {
  const [started, settled] = [gate(), gate()];
  const slow = processor("slow", { phase: "all", run: () => started.promise });
  let tries = 0;
  const waits = processor("waits", {
    phase: "all",
    recheckEvery: "1h",
    async run() {
      tries += 1;
      started.resolve();
      await settled.promise;
      return tries > 1 ? undefined : dependencyMissing("not yet", { processor: "slow", partition: "all" });
    },
  });
  await using engine = await startEngine([pipelineOf(slow, waits)]);

  await engine.untilRun("slow", "all");
  settled.resolve();
  await engine.untilRun("waits", "all", ({ settlement }) => settlement.outcome === "success");

  expect(await readOutcomes(engine.db.database, "waits")).toEqual([
    "dependency_missing / declared",
    "success",
  ]);
});

test("a run that waits for an output that has settled already, or that isn't there, looks again by itself", async () => {
  const there = processor("there", { phase: "all", run: nothing });
  const waiting = (name: string, processorName: string) => {
    let tries = 0;
    return processor(name, {
      phase: "all",
      needs: [there],
      recheckEvery: "1ms",
      run() {
        tries += 1;
        return tries > 1 ? undefined : dependencyMissing("-", { processor: processorName, partition: "all" });
      },
    });
  };
  await using engine = await startEngine([
    pipelineOf(there, waiting("late", "there"), waiting("lost", "nobody")),
  ]);

  for (const name of ["late", "lost"])
    await engine.untilRun(name, "all", ({ settlement }) => settlement.outcome === "success");

  expect(await readOutcomes(engine.db.database, "late")).toEqual([
    "dependency_missing / declared",
    "success",
  ]);
  expect(await readOutcomes(engine.db.database, "lost")).toEqual([
    "dependency_missing / declared",
    "success",
  ]);
});

test("an expectation that would read a degraded or failed upstream is no answer: nothing excuses what is behind it", async () => {
  const games = rows("games");
  const boxes = rows("boxes");
  let found = 3;
  const schedule = processor("schedule", {
    phase: "all",
    output: games,
    expect: 9,
    recheckEvery: "1ms",
    async run(ctx) {
      await ctx.write(games, upTo(found));
    },
  });
  const scores = processor("scores", {
    phase: "all",
    output: boxes,
    needs: [need(schedule, { accept: "degraded" })],
    recheckEvery: "1h",
    expect: async (ctx) => ({ min: await ctx.read(games).count() }),
    run: () => noData("none published"),
  });
  await using engine = await startEngine([pipelineOf(schedule, scores)]);

  const first = await engine.untilRun("scores", "all");
  expect(first.settlement).toMatchObject({
    outcome: "dependency_missing",
    reason: "expectation_unanswered",
    output: "expected",
    task: { to: "waiting", waitsFor: { processor: "schedule", partition: "all" } },
  });
  found = 9;
  const second = await engine.untilRun(
    "scores",
    "all",
    (run) => run !== first && run.settlement.reason !== first.settlement.reason,
  );

  expect(second.settlement).toMatchObject({ outcome: "validation_failed", reason: "unexpected_empty" });
});

test("emptiness is vouched for by the expectation, by the processor alone, or by nobody", async () => {
  const [a, b, c] = [rows("a"), rows("b"), rows("c")];
  const expected = processor("expected", {
    phase: "all",
    output: a,
    expect: 0,
    run: () => noData("no games"),
  });
  const declared = processor("declared", { phase: "all", output: b, run: () => noData("no games") });
  const silent = processor("silent", { phase: "all", output: c, run: nothing });
  const after = processor("after", { phase: "all", needs: [expected, declared, silent], run: nothing });
  await using engine = await startEngine([pipelineOf(expected, declared, silent, after)]);

  await engine.untilRun("after", "all");

  const vouchers = await Promise.all(["expected", "declared", "silent"].map((name) => engine.output(name)));
  expect(vouchers.map(({ status, vouched_by }) => `${status}, ${vouched_by}`)).toEqual([
    "empty, expectation",
    "empty, processor",
    "empty, nobody",
  ]);
});
