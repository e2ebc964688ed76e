// The example of the design compiles as it is written there, and loads.

import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { bearer, daily, dataset, noData, pipeline, processor, queue, secret, source } from "../index.ts";
import { compileRegistry } from "./compile/registry-of.ts";

const games = dataset("games", {
  schema: z.object({ game_id: z.string(), date: z.string() }),
  key: ["game_id"],
});
const schedule = processor("schedule", {
  phase: "reference",
  queue: queue("stats", { maxDispatchesPerSecond: 2 }),
  output: games,
  run: async (ctx) => {
    await ctx.write(games, [{ game_id: "1", date: "2025-10-21" }]);
  },
});
const BoxScoresResponse = z.array(
  z.object({ id: z.string(), lines: z.array(z.object({ player: z.number(), points: z.number() })) }),
);
const rowsOf = (game: z.infer<typeof BoxScoresResponse>[number]) =>
  game.lines.map((line) => ({ game_id: game.id, player_id: line.player, points: line.points }));

const league = source("stats", {
  baseUrl: "https://stats.example",
  auth: bearer(secret("STATS_KEY")),
  maxRequestsPerSecond: 2,
  quota: { requests: 5_000, per: "day" },
});

const boxScores = dataset("box_scores", {
  schema: z.object({ game_id: z.string(), player_id: z.number().int(), points: z.number().int() }),
  key: ["game_id", "player_id"],
});

const boxScoresRaw = processor("box_scores_raw", {
  phase: "raw",
  criticality: "critical",
  needs: [schedule],
  partitions: daily({ timezone: "America/New_York", start: "2025-10-21" }),
  expect: async (ctx) => ({ min: 16 * (await ctx.read(games).count({ date: ctx.partition })) }),
  expectedBy: { days: 1, at: "03:00" },
  hardTimeout: "30m",
  heartbeat: "5m",
  queue: "stats",
  output: boxScores,
  async run(ctx) {
    const games = await ctx.http(league).json(`/box-scores?date=${ctx.partition}`, BoxScoresResponse);
    expectTypeOf(games).toEqualTypeOf<z.infer<typeof BoxScoresResponse>>();
    if (games.length === 0) return noData("none published");
    await ctx.write(boxScores, games.flatMap(rowsOf));
    ctx.metric("games.fetched", games.length, { season: "2025-26" });
  },
});

const nba = pipeline("nba", {
  phases: ["reference", "raw", "analytics", "precompute", "predictions", "publish"],
  processors: [schedule, boxScoresRaw],
});

test("the example of the design compiles to what it says", () => {
  const registry = compileRegistry([nba], { environment: { STATS_KEY: "k" }, sources: [league] });
  expect(registry.processors.get("box_scores_raw")).toMatchObject({
    phaseIndex: 1,
    criticality: "critical",
    hardTimeoutMs: 1_800_000,
    heartbeatMs: 300_000,
    expectedBy: { days: 1, at: "03:00" },
    queue: { name: "stats", rate: 2 },
    needs: [{ mode: "required", options: [{ processor: "schedule" }] }],
    outputs: [boxScores],
  });
});

test("without its secret it fails at start, by name", () => {
  expect(() => compileRegistry([nba], { environment: {}, sources: [league] })).toThrow(
    "secret STATS_KEY: it is not set",
  );
});
