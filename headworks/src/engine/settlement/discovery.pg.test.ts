// Tests of discovered partitions: edges to members found before and after planning, and members that move, go and come back.

import { expect, test } from "vitest";
import { daily, dynamic } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { dependencyMissing } from "../../define/results.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber, readRuns } from "../../testing/engine-ledger.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";

const days = daily({ start: "2025-01-01", end: "2025-01-03" });
const games = dynamic("games", { within: days });
const [first, second, third] = ["2025-01-01", "2025-01-02", "2025-01-03"] as const;
const nothing = () => undefined;

/** Days that find their games in `found`, a box score for each game, a summary for each day. */
function league(found: Record<string, readonly string[]>, box: () => Promise<void> | undefined = nothing) {
  const schedule = processor("schedule", {
    phase: "all",
    partitions: days,
    discovers: games,
    run(ctx) {
      ctx.discover("games", found[ctx.partition] ?? []);
    },
  });
  const boxes = processor("boxes", { phase: "all", partitions: games, needs: [schedule], run: box });
  const summary = processor("summary", { phase: "all", partitions: days, needs: [boxes], run: nothing });
  return { schedule, boxes, summary, pipeline: pipelineOf(schedule, boxes, summary) };
}

const again = (name: string, partition: string, engine: Awaited<ReturnType<typeof startEngine>>) => {
  const before = engine.settled.length;
  return engine.untilRun(name, partition, (run) => engine.settled.indexOf(run) >= before);
};

test("a day's summary waits for all games of that day, and a day without games for its schedule alone", async () => {
  const { pipeline } = league({ [first]: ["a", "b"], [second]: [], [third]: ["c"] });
  await using engine = await startEngine([pipeline], { concurrency: 1 });

  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  const order = (await readRuns(engine.db.database)).map((run) => `${run.processor} ${run.partition}`);
  expect(order).toHaveLength(3 + 3 + 3);
  for (const [day, keys] of [
    [first, ["a", "b"]],
    [third, ["c"]],
  ] as const)
    for (const key of keys)
      expect(order.indexOf(`summary ${day}`)).toBeGreaterThan(order.indexOf(`boxes ${key}`));
  expect(await sweepUnreleased(engine.db.database, "prod")).toBe(0);
});

test("what is planned after the discovery waits for the members that are known", async () => {
  const known = league({ [first]: ["a", "b"] });
  await using before = await startEngine([pipelineOf(known.schedule, known.boxes)]);
  await before.untilSettled();
  await before.stop();

  const late = processor("late", { phase: "all", partitions: days, needs: [known.boxes], run: nothing });
  await using after = await startEngine([pipelineOf(known.schedule, known.boxes, late)], {
    database: before.db,
    codeVersion: "v2",
  });
  await after.untilSettled();

  const edges = await after.db.database.query(
    `select d.partition as day, u.partition as game from headworks.edges e
     join headworks.outputs d on d.id = e.downstream_id join headworks.outputs u on u.id = e.upstream_id
     where d.processor = 'late' and u.processor = 'boxes' order by 1, 2`,
  );
  expect(edges.rows).toEqual([
    { day: first, game: "a" },
    { day: first, game: "b" },
  ]);
  expect(new Set(Object.values(await after.ledger()))).toEqual(new Set(["complete"]));
});

test("a game that is named twice is one game", async () => {
  const { pipeline } = league({ [first]: ["a", "a", "b", "a"] });
  await using engine = await startEngine([pipeline]);

  await engine.untilSettled();

  const found = await engine.db.database.query("select key, parent from headworks.partitions order by key");
  expect(found.rows).toEqual([
    { key: "a", parent: first },
    { key: "b", parent: first },
  ]);
  expect(await engine.output("schedule", first)).toMatchObject({ status: "complete" });
});

test("a game that moves to another day no longer holds up the first one, and is waited for by the second", async () => {
  const found: Record<string, readonly string[]> = { [first]: ["a", "moving"] };
  const open = Promise.withResolvers<void>();
  const { pipeline } = league(found, () => undefined);
  const blocked = new Set(["moving"]);
  const boxes = pipeline.processors[1];
  if (boxes === undefined) throw new Error("no boxes");
  boxes.options.run = (ctx) => (blocked.has(ctx.partition) ? dependencyMissing("postponed") : undefined);
  await using engine = await startEngine([pipeline]);
  await engine.untilRun("boxes", "moving");
  await engine.untilRun("boxes", "a");
  expect(await engine.output("summary", first)).toMatchObject({ status: "expected", task: null });

  found[first] = ["a"];
  found[third] = ["moving"];
  await engine.request("schedule", third, { forced: true });
  await engine.untilRun("summary", first);
  open.resolve();

  const parents = await engine.db.database.query(
    `select u.processor, u.partition from headworks.edges e join headworks.outputs d on d.id = e.downstream_id
     join headworks.outputs u on u.id = e.upstream_id
     where d.processor = 'boxes' and d.partition = 'moving'`,
  );
  expect(parents.rows).toEqual([{ processor: "schedule", partition: third }]);
  const waits = await engine.db.database.query(
    `select d.partition from headworks.edges e join headworks.outputs d on d.id = e.downstream_id
     join headworks.outputs u on u.id = e.upstream_id
     where d.processor = 'summary' and u.processor = 'boxes' and u.partition = 'moving'`,
  );
  expect(waits.rows).toEqual([{ partition: third }]);
});

test("a game that is withdrawn is waived and releases its day; when it comes back, it is expected again", async () => {
  const found: Record<string, readonly string[]> = { [first]: ["a", "gone"] };
  const { pipeline } = league(found);
  const missing = new Set(["gone"]);
  const boxes = pipeline.processors[1];
  if (boxes === undefined) throw new Error("no boxes");
  boxes.options.run = (ctx) => (missing.has(ctx.partition) ? dependencyMissing("not there") : undefined);
  await using engine = await startEngine([pipeline]);
  await engine.untilRun("boxes", "gone");
  await engine.untilRun("boxes", "a");

  found[first] = ["a"];
  await engine.request("schedule", first, { forced: true });
  await engine.untilRun("summary", first);
  expect(await engine.output("boxes", "gone")).toMatchObject({
    status: "waived",
    reason: "withdrawn",
    task: null,
  });

  missing.clear();
  found[first] = ["a", "gone"];
  const back = again("boxes", "gone", engine);
  await engine.request("schedule", first, { forced: true });
  await back;
  expect(await engine.output("boxes", "gone")).toMatchObject({ status: "complete", task: null });
});

test("a list that fell short takes no game away", async () => {
  const found: Record<string, readonly string[]> = { [first]: ["a", "b"] };
  let expected = 2;
  const { pipeline } = league(found);
  const [schedule, boxes] = pipeline.processors;
  if (schedule === undefined || boxes === undefined) throw new Error("no league");
  boxes.options.run = () => dependencyMissing("not yet");
  schedule.options.expect = () => expected;
  const discover = schedule.options.run;
  if (typeof discover !== "function") throw new Error("no function");
  schedule.options.run = async (ctx) => {
    await discover(ctx);
    return { records: found[ctx.partition]?.length ?? 2 };
  };
  await using engine = await startEngine([pipeline]);
  await engine.untilRun("boxes", "b");

  found[first] = ["a", "c"].slice(0, 1);
  expected = 2;
  const short = again("schedule", first, engine);
  await engine.request("schedule", first, { forced: true });

  expect((await short).settlement.output).toBe("degraded");
  expect(await engine.output("boxes", "b")).toMatchObject({ status: "expected", task: "waiting" });
  expect(await readNumber(engine.db.database, "select count(*) from headworks.partitions")).toBe(2);
});

test("one run may discover the games of all days, each with the day it lies in", async () => {
  const season = processor("season", {
    phase: "all",
    discovers: games,
    run(ctx) {
      ctx.discover("games", [
        { key: "a", within: first },
        { key: "b", within: third },
      ]);
    },
  });
  const boxes = processor("boxes", { phase: "all", partitions: games, needs: [season], run: nothing });
  const summary = processor("summary", { phase: "all", partitions: days, needs: [boxes], run: nothing });
  await using engine = await startEngine([pipelineOf(season, boxes, summary)]);

  await engine.untilSettled();

  const edges = await engine.db.database.query(
    `select d.partition as day, u.processor || ' ' || u.partition as upstream from headworks.edges e
     join headworks.outputs d on d.id = e.downstream_id join headworks.outputs u on u.id = e.upstream_id
     where d.processor = 'summary' order by 1, 2`,
  );
  expect(edges.rows.map(({ day, upstream }) => `${day}: ${upstream}`)).toEqual([
    `${first}: boxes a`,
    `${first}: season all`,
    `${second}: season all`,
    `${third}: boxes b`,
    `${third}: season all`,
  ]);
  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
});

test("a discovery without the day it lies in, or with one that is none, is the run's error and harms nobody", async () => {
  const season = processor("season", {
    phase: "all",
    discovers: games,
    run(ctx) {
      ctx.discover("games", [{ key: "a", within: "the day after" }]);
    },
  });
  const boxes = processor("boxes", { phase: "all", partitions: games, needs: [season], run: nothing });
  const other = processor("other", { phase: "all", run: nothing });
  await using engine = await startEngine([pipelineOf(season, boxes, other)]);

  const run = await engine.untilRun("season", "all");
  await engine.untilRun("other", "all");

  expect(run.settlement).toMatchObject({ outcome: "error", reason: "thrown" });
  expect(await readNumber(engine.db.database, "select count(*) from headworks.partitions")).toBe(0);
});

test("what is discovered may run at once, whatever the clocks of the processes say", async () => {
  const { pipeline } = league({ [first]: ["a", "b"] });
  await using engine = await startEngine([pipeline]);

  await engine.untilSettled();

  expect(
    await readNumber(
      engine.db.database,
      "select count(*) from headworks.outputs where opens_at > created_at",
    ),
  ).toBe(0);
});
