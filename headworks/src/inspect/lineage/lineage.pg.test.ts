// Traces rows of a pipeline that ran on a real engine and fetched from a real server.

import { afterAll, beforeAll, expect, test } from "vitest";
import { renderLineage } from "../../cli/render/lineage-report.ts";
import type { LineageStep } from "../../contract/lineage.ts";
import { sourceAt, startServer, type TestServer } from "../../engine/source/source.fixture.ts";
import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import { findOriginRow, listAppliedDatasets, type OriginRow } from "../../store/history/lineage.ts";
import { NAMESPACE, pipelineOf, type RunningEngine, startEngine } from "../../testing/engine.ts";
import { answerScores, DAYS, seasonOf } from "./lineage.fixture.ts";
import { traceRow } from "./lineage.ts";

let server: TestServer;
let engine: RunningEngine;

beforeAll(async () => {
  server = await startServer(answerScores);
  const source = sourceAt(server.url);
  engine = await startEngine([pipelineOf(...seasonOf(source))], { sources: [source] });
  await engine.untilSettled();
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function rowOf(name: string, key: string[]): Promise<{ dataset: AppliedDataset; row: OriginRow }> {
  const { database } = engine.db;
  const dataset = (await listAppliedDatasets(database, NAMESPACE)).find((each) => each.name === name);
  const row = dataset && (await findOriginRow(database, NAMESPACE, dataset, key));
  if (dataset === undefined || row === undefined) throw new Error(`${name} has no row ${key.join(" ")}`);
  return { dataset, row };
}

async function trace(name: string, key: string[]): Promise<LineageStep[]> {
  const { dataset, row } = await rowOf(name, key);
  return traceRow(engine.db.database, NAMESPACE, dataset, row);
}

async function runsOf(processor: string, partitions: readonly string[]): Promise<string[]> {
  const found = await engine.db.database.query<{ id: string }>(
    "select id from headworks.runs where processor = $1 and partition = any ($2) order by partition",
    [processor, [...partitions]],
  );
  return found.rows.map(({ id }) => id);
}

const followed = (steps: LineageStep[]) => steps.filter((step) => step.through.length === 0);
const stepOf = (steps: LineageStep[], processor: string) =>
  followed(steps).find((step) => step.processor === processor);

test("a prediction comes from its player's own rows of the days before, and of no other player or day", async () => {
  const steps = await trace("predictions", ["2026-01-03", "7"]);

  expect(followed(steps).map((step) => step.processor)).toEqual([
    ...["day_predictions", "model", "day_summaries", "raw_venues", "raw_scores"],
  ]);
  expect(stepOf(steps, "day_summaries")).toMatchObject({
    by_item: true,
    partitions: DAYS.slice(0, 2),
    rows: [
      {
        dataset: "summaries",
        total: 2,
        first: [
          { day: "2026-01-01", player_id: 7, pra: 8 },
          { day: "2026-01-02", player_id: 7, pra: 9 },
        ],
      },
    ],
  });
  expect(stepOf(steps, "raw_scores")?.rows[0]?.first).toMatchObject([
    { game_id: "2026-01-01-a", player_id: 7 },
    { game_id: "2026-01-02-a", player_id: 7 },
  ]);
});

test("each step names exactly the runs that wrote its rows", async () => {
  const steps = await trace("predictions", ["2026-01-03", "7"]);

  for (const [processor, partitions] of [
    ["day_predictions", ["2026-01-03"]],
    ["day_summaries", DAYS.slice(0, 2)],
    ["raw_scores", DAYS.slice(0, 2)],
  ] as const) {
    expect(stepOf(steps, processor)?.runs.toSorted()).toEqual((await runsOf(processor, partitions)).sort());
  }
});

test("it ends at the responses of the source to just these runs", async () => {
  const { responses } = stepOf(await trace("predictions", ["2026-01-02", "8"]), "raw_scores") ?? {};

  expect(responses?.total).toBe(1);
  expect(responses?.first).toMatchObject([
    { method: "GET", url: `${server.url}/scores?day=2026-01-01`, status: 200 },
  ]);
});

test("a row is followed by what it mentions where that is the key of another: the venue of its game", async () => {
  const step = stepOf(await trace("predictions", ["2026-01-03", "9"]), "raw_venues");

  expect(step).toMatchObject({ by_item: true, rows: [{ total: 1, first: [{ game_id: "2026-01-03-b" }] }] });
});

test("a model is made of everybody's rows: these are told apart, as whole partitions beyond it", async () => {
  const steps = await trace("predictions", ["2026-01-03", "7"]);

  expect(stepOf(steps, "model")).toMatchObject({ by_item: false, rows: [{ total: 1 }] });
  expect(steps.filter((step) => step.through.length > 0)).toMatchObject([
    {
      processor: "raw_scores",
      through: ["model"],
      partitions: DAYS,
      rows: [{ total: 9 }],
      responses: { total: 3 },
    },
  ]);
});

test("rows that were written again lead to the run that changed them last; unchanged ones to their own", async () => {
  const before = await trace("summaries", ["2026-01-01", "7"]);
  await engine.request("day_summaries", "2026-01-01", { forced: true });
  await engine.untilRun("day_summaries", "2026-01-01", (run) => run.run.task.run_id !== before[0]?.runs[0]);

  expect((await trace("summaries", ["2026-01-01", "7"]))[0]?.runs).toEqual(before[0]?.runs);
});

test("it is shown with its keys, its runs and its responses", async () => {
  const { dataset, row } = await rowOf("predictions", ["2026-01-02", "7"]);
  const steps = await traceRow(engine.db.database, NAMESPACE, dataset, row);
  const lines = renderLineage("predictions", { row, steps }, (_style, text) => text);

  expect(lines.slice(0, 5)).toEqual([
    "predictions",
    "  day        2026-01-02",
    "  player_id  7",
    "  game_id    2026-01-02-a",
    "  predicted  8",
  ]);
  expect(lines).toContain("raw_scores[2026-01-01]  1 row of scores");
  expect(lines).toContain("  game_id=2026-01-01-a player_id=7");
  expect(lines.join("\n")).toContain(`200 GET ${server.url}/scores?day=2026-01-01`);
  expect(lines).toContain("Beyond model  (whole partitions)");
});

test("values that are no text are shown as they are written, and what is long is cut", async () => {
  const { row } = await rowOf("fits", ["ridge"]);
  const lines = renderLineage(
    "fits",
    { row: { ...row, name: "r".repeat(500), mean: null }, steps: [] },
    (_s, text) => text,
  );

  expect(lines).toContain('  weights  {"form":1}');
  expect(lines).toContain("  mean     –");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120);
});
