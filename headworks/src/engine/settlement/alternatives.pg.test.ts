// Tests of processors with alternatives: which of them is settled, and what can be expected when nothing can vouch.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { anyOf, optional } from "../../define/needs.ts";
import { processor } from "../../define/processor.ts";
import { noData } from "../../define/results.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";

const listing = (name: string) =>
  dataset(name, { schema: z.object({ game_id: z.string() }), key: ["game_id"] });

test("a run and its expectation read the alternative that is settled, and the first one once that has healed", async () => {
  const [scheduleGames, logGames, games, elsewhere] = [
    listing("schedule_games"),
    listing("log_games"),
    listing("games"),
    listing("elsewhere"),
  ];
  let down = true;
  const schedule = processor("schedule", {
    phase: "all",
    queue: eager,
    output: scheduleGames,
    run: (ctx) =>
      down
        ? Promise.reject(new Error("down"))
        : void ctx.write(scheduleGames, [{ game_id: "1" }, { game_id: "2" }]),
  });
  const log = processor("log", {
    phase: "all",
    queue: eager,
    output: logGames,
    run: (ctx) => void ctx.write(logGames, [{ game_id: "1" }]),
  });
  const other = processor("other", { phase: "all", queue: eager, output: elsewhere, run: () => undefined });
  const asked: boolean[] = [];
  const taking = processor("games", {
    phase: "all",
    queue: eager,
    needs: [anyOf(schedule, log), optional(schedule)],
    output: games,
    expect: async (ctx) => ctx.read((await ctx.isSettled(scheduleGames)) ? scheduleGames : logGames).count(),
    async run(ctx) {
      asked.push(await ctx.isSettled(scheduleGames), await ctx.isSettled(elsewhere));
      const first = (await ctx.isSettled(scheduleGames)) ? scheduleGames : logGames;
      await ctx.write(games, await ctx.read(first).rows());
    },
  });
  await using engine = await startEngine([pipelineOf(schedule, log, other, taking)]);

  await engine.untilSettled();
  expect(await engine.output("schedule")).toMatchObject({ status: "failed" });
  expect(await engine.output("games")).toMatchObject({ status: "complete", records: 1 });

  down = false;
  await engine.request("schedule");
  await engine.untilSettled();
  expect(await engine.output("games")).toMatchObject({ status: "complete", records: 2 });
  // What none of its needs writes is never settled for it.
  expect(asked).toEqual([false, false, true, false]);
});

test("an expectation that gives nothing leaves emptiness to the word of the processor", async () => {
  const lines = listing("lines");
  const asking = processor("lines", {
    phase: "all",
    queue: eager,
    output: lines,
    expect: () => undefined,
    run: () => noData("none offered"),
  });
  await using engine = await startEngine([pipelineOf(asking)]);

  await engine.untilSettled();

  expect(await engine.output("lines")).toMatchObject({ status: "empty", vouched_by: "processor" });
});
