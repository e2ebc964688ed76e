// Tests of the settlement table on a real engine: each way to end a run, and that the pipeline goes on around it.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { processor } from "../../define/processor.ts";
import { dependencyMissing, noData } from "../../define/results.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readOutcomes, readRuns } from "../../testing/engine-ledger.ts";

const games = dataset("games", {
  schema: z.object({ game_id: z.string(), points: z.int() }),
  key: ["game_id"],
});
const nine = Array.from({ length: 9 }, (_, index) => ({ game_id: `g${index}`, points: index }));
const forever = () => new Promise<never>(() => undefined);

test("a run that throws is tried again with backoff, and its task fails once its attempts are used up", async () => {
  const broken = processor("broken", {
    phase: "all",
    queue: eager,
    run: () => Promise.reject(new Error("the source is down")),
  });
  await using engine = await startEngine([pipelineOf(broken)]);

  await engine.untilRun("broken", "all", ({ settlement }) => settlement.task.to === "failed");

  expect(await engine.output("broken")).toMatchObject({
    status: "failed",
    outcome: "error",
    reason: "thrown",
    task: "failed",
    attempt: 3,
    attempts_used: 3,
  });
  expect(await readRuns(engine.db.database)).toMatchObject(
    [1, 2, 3].map((attempt) => ({
      attempt,
      attempt_used: true,
      outcome: "error",
      reason: "thrown",
      error: { message: "the source is down" },
    })),
  );
});

test("rows over the tolerance fail the run: none is merged, the rejected ones are kept with their errors", async () => {
  const junk = processor("junk", {
    phase: "all",
    output: games,
    async run(ctx) {
      await ctx.write(games, [...nine, { game_id: "bad", points: "many" as unknown as number }]);
    },
  });
  await using engine = await startEngine([pipelineOf(junk)]);

  await engine.untilSettled();

  expect(await engine.output("junk")).toMatchObject({
    status: "failed",
    outcome: "validation_failed",
    reason: "rows_rejected",
    task: "failed",
    attempts_used: 1,
  });
  expect(await readRuns(engine.db.database)).toMatchObject([
    { records: 9, rows_inserted: 0, rows_rejected: 1 },
  ]);
  const kept = await engine.db.database.query("select dataset, row, error from headworks.rejected_rows");
  expect(kept.rows).toMatchObject([
    { dataset: "games", row: { game_id: "bad", points: "many" }, error: expect.stringContaining("points") },
  ]);
  expect(await readNumber(engine.db.database, "select count(*) from prod.games")).toBe(0);
});

test("rows under the tolerance are rejected by themselves, and the rest is merged", async () => {
  const mostly = processor("mostly", {
    phase: "all",
    output: games,
    rejectedTolerance: 0.1,
    async run(ctx) {
      await ctx.write(games, [...nine, { game_id: "bad", points: Number.NaN }]);
    },
  });
  await using engine = await startEngine([pipelineOf(mostly)]);

  await engine.untilSettled();

  expect(await engine.output("mostly")).toMatchObject({ status: "complete", records: 9, task: null });
  expect(await readRuns(engine.db.database)).toMatchObject([
    { outcome: "success", reason: null, rows_inserted: 9, rows_rejected: 1, attempt_used: true },
  ]);
  expect(await readNumber(engine.db.database, "select count(*) from headworks.rejected_rows")).toBe(1);
});

test("a response that doesn't fit its schema fails the run at once", async () => {
  const changed = processor("changed", {
    phase: "all",
    queue: eager,
    run() {
      z.object({ games: z.array(z.string()) }).parse({ html: "<p>moved</p>" });
    },
  });
  await using engine = await startEngine([pipelineOf(changed)]);

  await engine.untilSettled();

  expect(await engine.output("changed")).toMatchObject({
    status: "failed",
    task: "failed",
    attempts_used: 1,
  });
  expect(await readOutcomes(engine.db.database, "changed")).toEqual(["validation_failed / thrown"]);
});

test("nothing on a day with games is unexpected; once the source has them, a recheck heals it without a hand", async () => {
  let published = false;
  const scores = processor("scores", {
    phase: "all",
    output: games,
    expect: 9,
    recheckEvery: "20ms",
    async run(ctx) {
      if (!published) return noData("none published");
      await ctx.write(games, nine);
      return undefined;
    },
  });
  const after = processor("after", { phase: "all", needs: [scores], run: () => undefined });
  await using engine = await startEngine([pipelineOf(scores, after)]);

  await engine.untilRun("scores", "all");
  expect(await engine.output("scores")).toMatchObject({
    status: "expected",
    outcome: "validation_failed",
    reason: "unexpected_empty",
  });
  expect(await engine.output("after")).toMatchObject({ status: "expected", task: null });
  published = true;
  await engine.untilRun("after", "all");

  expect(await engine.output("scores")).toMatchObject({ status: "complete", records: 9, task: null });
  const runs = await readRuns(engine.db.database);
  expect(runs.filter((run) => run.attempt_used).map((run) => run.processor)).toEqual(["scores", "after"]);
  expect(runs.filter((run) => run.processor === "after")).toHaveLength(1);
});

test("three games of nine are merged and degraded, hold back what needs all, and are healed by a recheck", async () => {
  let found = 3;
  const scores = processor("scores", {
    phase: "all",
    output: games,
    expect: 9,
    recheckEvery: "20ms",
    async run(ctx) {
      await ctx.write(games, nine.slice(0, found));
    },
  });
  const after = processor("after", { phase: "all", needs: [scores], run: () => undefined });
  await using engine = await startEngine([pipelineOf(scores, after)]);

  await engine.untilRun("scores", "all");
  expect(await engine.output("scores")).toMatchObject({
    status: "degraded",
    outcome: "validation_failed",
    reason: "below_expected",
    records: 3,
    attempts_used: 0,
  });
  expect(await readNumber(engine.db.database, "select count(*) from prod.games")).toBe(3);
  expect(await engine.output("after")).toMatchObject({ status: "expected", task: null });
  found = 9;
  await engine.untilRun("after", "all");

  expect(await engine.ledger()).toEqual({ "after[all]": "complete", "scores[all]": "complete" });
  expect(await readNumber(engine.db.database, "select count(*) from prod.games")).toBe(9);
  expect(await readOutcomes(engine.db.database, "after")).toEqual(["success"]);
});

test("a wait that nothing ends is given up: the empty output fails, the short one stays degraded", async () => {
  const patience = { recheckEvery: "1ms", giveUpAfter: "5ms" } as const;
  const none = processor("none", {
    phase: "all",
    output: games,
    expect: 1,
    ...patience,
    run: () => noData("-"),
  });
  const teams = dataset("teams", { schema: z.object({ id: z.string() }), key: ["id"] });
  const short = processor("short", {
    phase: "all",
    output: teams,
    expect: 2,
    ...patience,
    async run(ctx) {
      await ctx.write(teams, [{ id: "a" }]);
    },
  });
  const blocked = processor("blocked", {
    phase: "all",
    ...patience,
    run: () => dependencyMissing("not yet"),
  });
  await using engine = await startEngine([pipelineOf(none, short, blocked)]);

  for (const name of ["none", "short", "blocked"])
    await engine.untilRun(name, "all", ({ settlement }) => settlement.task.to === "failed");

  expect(await engine.ledger()).toEqual({
    "blocked[all]": "failed / failed",
    "none[all]": "failed / failed",
    "short[all]": "degraded / failed",
  });
  expect((await readRuns(engine.db.database)).map((run) => run.attempt_used)).not.toContain(true);
});

test("a run that awaits for ever ends at its hard timeout, one without a sign of life as stalled", async () => {
  const signals: boolean[] = [];
  const limits = { phase: "all", queue: eager } as const;
  const hung = processor("hung", {
    ...limits,
    hardTimeout: "20ms",
    run: (ctx) =>
      new Promise<void>((resolve) => {
        ctx.signal.addEventListener("abort", () => {
          signals.push(true);
          resolve();
        });
      }),
  });
  const deaf = processor("deaf", { ...limits, hardTimeout: "20ms", run: forever });
  const stalled = processor("stalled", {
    ...limits,
    heartbeat: "20ms",
    run(ctx) {
      ctx.progress(42, 100);
      return forever();
    },
  });
  const alive = processor("alive", {
    ...limits,
    heartbeat: "200ms",
    async run(ctx) {
      for (let done = 1; done <= 5; done += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ctx.progress(done, 5);
      }
    },
  });
  await using engine = await startEngine([pipelineOf(hung, deaf, stalled, alive)]);

  const first = await Promise.all(
    ["hung", "deaf", "stalled", "alive"].map((name) => engine.untilRun(name, "all")),
  );

  expect(first.map(({ settlement }) => [settlement.outcome, settlement.reason, settlement.output])).toEqual([
    ["timeout", "hard", "expected"],
    ["timeout", "hard", "expected"],
    ["timeout", "stalled", "expected"],
    ["success", null, "complete"],
  ]);
  expect(first.map(({ settlement }) => settlement.usesAttempt)).toEqual([true, true, true, true]);
  expect(first.map(({ run }) => run.note)).toEqual([
    "no end after 20ms",
    "no end after 20ms",
    "no progress for 20ms, at 42 of 100",
    null,
  ]);
  expect(signals).toContain(true);
});

test("what a run writes after its time counts for nothing", async () => {
  let late: Promise<unknown> | undefined;
  const slow = processor("slow", {
    phase: "all",
    output: games,
    queue: eager,
    hardTimeout: "10ms",
    async run(ctx) {
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      await ctx.write(games, nine);
      late = new Promise((resolve) => setImmediate(resolve)).then(() => ctx.write(games, nine));
      late.catch(() => undefined);
    },
  });
  await using engine = await startEngine([pipelineOf(slow)]);

  await engine.untilRun("slow", "all", ({ settlement }) => settlement.task.to === "failed");

  await expect(late).rejects.toMatchObject({ code: "RUN_ENDED" });
  expect(await engine.output("slow")).toMatchObject({ status: "failed", outcome: "timeout", reason: "hard" });
  expect(await readNumber(engine.db.database, "select count(*) from prod.games")).toBe(0);
});

test("anything may be thrown: each is kept as the run's error and ends no process", async () => {
  const thrown = [null, undefined, "text", 42n, Symbol("s"), Object.create(null), { message: 1 }];
  const strange = Object.assign(new Error("x"), { message: 42, name: null, stack: 7 });
  const circle = new Error("outer");
  circle.cause = circle;
  const throwers = [...thrown, strange, circle].map((what, index) =>
    processor(`thrower_${index}`, { phase: "all", queue: eager, run: () => Promise.reject(what) }),
  );
  await using engine = await startEngine([pipelineOf(...throwers)]);

  await engine.untilSettled();

  const ended = await readRuns(engine.db.database);
  expect(ended).toHaveLength(throwers.length * 3);
  expect(ended.every(({ outcome, error }) => outcome === "error" && error !== null)).toBe(true);
});

test("the pipeline goes on around what fails, and releases what needs it once it is well", async () => {
  let down = true;
  const feed = processor("feed", {
    phase: "all",
    queue: "patient",
    run: () => (down ? Promise.reject(new Error("down")) : undefined),
  });
  const other = processor("other", {
    phase: "all",
    queue: { ...eager, name: "patient", maxAttempts: 1_000 },
    run: () => undefined,
  });
  const needsFeed = processor("needs_feed", { phase: "all", needs: [feed, other], run: () => undefined });
  const needsOther = processor("needs_other", { phase: "all", needs: [other], run: () => undefined });
  await using engine = await startEngine([pipelineOf(feed, other, needsFeed, needsOther)]);

  await engine.untilRun("feed", "all");
  await engine.untilRun("needs_other", "all");
  expect(await engine.output("needs_feed")).toMatchObject({ status: "expected", task: null });
  down = false;
  await engine.untilRun("needs_feed", "all");
  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  expect(await readOutcomes(engine.db.database, "needs_feed")).toEqual(["success"]);
});

test("a result, an expectation or a metric that is no number excuses nothing and spoils nothing", async () => {
  const given = { phase: "all", queue: eager } as const;
  const wrong = processor("wrong", { ...given, run: () => ({ records: Number.NaN }) });
  const hopeless = processor("hopeless", { ...given, expect: () => 16 * Number.NaN, run: () => undefined });
  const half = processor("half", { ...given, expect: () => 2.5, run: () => ({ records: 3 }) });
  const ratio = processor("ratio", {
    ...given,
    run(ctx) {
      ctx.metric("share", 0 / 0);
      ctx.metric("games\0", 9, { season: "2025\0" });
    },
  });
  const noted = processor("noted", { ...given, run: () => noData("<p>\0</p>") });
  await using engine = await startEngine([pipelineOf(wrong, hopeless, half, ratio, noted)]);

  await engine.untilSettled();

  expect(await engine.ledger()).toEqual({
    "half[all]": "complete",
    "hopeless[all]": "failed / failed",
    "noted[all]": "empty",
    "ratio[all]": "complete",
    "wrong[all]": "failed / failed",
  });
  const metrics = await engine.db.database.query("select name, labels, value from headworks.run_metrics");
  expect(metrics.rows).toEqual([{ name: "games␀", labels: { season: "2025␀" }, value: 9 }]);
  const codes = await engine.db.database.query(
    "select distinct processor, error ->> 'code' as code from headworks.runs where error is not null order by 1",
  );
  expect(codes.rows).toEqual([
    { processor: "hopeless", code: "EXPECT_INVALID" },
    { processor: "wrong", code: "RESULT_INVALID" },
  ]);
});

test("a value that is no result ends a run as an error, and never as one that waits for data", async () => {
  const values = [[{ id: 1 }], {}, "done", 5, { kind: "nothing" }];
  const processors = values.map((value, index) =>
    processor(`odd_${index}`, { phase: "all", queue: eager, run: () => value as unknown as undefined }),
  );
  await using engine = await startEngine([pipelineOf(...processors)]);

  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["failed / failed"]));
  const codes = await engine.db.database.query(
    "select distinct outcome, error ->> 'code' as code from headworks.runs",
  );
  expect(codes.rows).toEqual([{ outcome: "error", code: "RESULT_INVALID" }]);
});

test("rows and files that a handler didn't wait for are there when its run settles", async () => {
  const many = Array.from({ length: 12_000 }, (_, index) => ({ game_id: `g${index}`, points: index }));
  const hasty = processor("hasty", {
    phase: "all",
    output: games,
    run(ctx) {
      void ctx.write(games, many.slice(0, 6_000));
      void ctx.write(games, many.slice(6_000));
      void ctx.artifact("games.json", "[]");
    },
  });
  await using engine = await startEngine([pipelineOf(hasty)]);

  await engine.untilSettled();

  expect(await engine.output("hasty")).toMatchObject({ status: "complete", records: 12_000 });
  expect(await readNumber(engine.db.database, "select count(*) from prod.games")).toBe(12_000);
  expect(await readNumber(engine.db.database, "select count(*) from headworks.artifacts")).toBe(1);
});
