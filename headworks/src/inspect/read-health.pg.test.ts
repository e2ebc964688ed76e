// Tests that the causes of the health report are those of the runs: one for each, whatever partitions it has.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../define/dataset.ts";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { dependencyMissing, noData } from "../define/results.ts";
import { eager, NAMESPACE, pipelineOf, startEngine } from "../testing/engine.ts";
import { readHealth } from "./read-health.ts";
import { showRun } from "./run-details.ts";

/** Eleven days of which each processor says the same, and one that is different. */
const days = daily({ start: "2026-01-01", end: "2026-01-12" });
const ODD = "2026-01-12";
const once = queue("once", { maxAttempts: 1 });
const scores = dataset("scores", {
  schema: z.object({ game: z.string(), points: z.number(), minutes: z.number() }),
  key: ["game"],
});
const row = { game: "a", points: 1, minutes: 1 };
const common = { phase: "all", partitions: days, queue: once } as const;

const broken = processor("broken", {
  ...common,
  run: async ({ partition }) => {
    const what = partition === ODD ? "the page has no table" : "the page can't be found";
    throw new Error(`${what}: ${partition}, after ${partition.slice(-2)} tries of "${partition}"`);
  },
});
const waiting = processor("waiting", {
  ...common,
  run: async ({ partition }) =>
    dependencyMissing(partition === ODD ? "the season is over" : `the games of ${partition} aren't out`),
});
const empty = processor("empty", {
  ...common,
  expect: { min: 1 },
  run: async ({ partition }) => noData(partition === ODD ? "no such season" : `none on ${partition}`),
});
const short = processor("short", {
  ...common,
  expect: { min: 40 },
  run: async ({ partition }) => ({ records: Number(partition.slice(-2)) }),
});
const junk = processor("junk", {
  ...common,
  output: scores,
  run: async (ctx) => {
    const bad: object = ctx.partition === ODD ? { minutes: "none" } : { points: "many" };
    await ctx.write(scores, [{ ...row, game: ctx.partition, ...bad }]);
  },
});
const slow = processor("slow", {
  ...common,
  hardTimeout: "20ms",
  run: ({ partition, signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error(`stopped in the middle of ${partition}`)));
    }),
});

test.each([
  { of: broken, kind: "failed", outcome: "error", reason: "thrown", groups: [11, 1] },
  { of: waiting, kind: "waiting", outcome: "dependency_missing", reason: "declared", groups: [11, 1] },
  { of: empty, kind: "waiting", outcome: "validation_failed", reason: "unexpected_empty", groups: [11, 1] },
  { of: short, kind: "degraded", outcome: "validation_failed", reason: "below_expected", groups: [12] },
  { of: junk, kind: "failed", outcome: "validation_failed", reason: "rows_rejected", groups: [11, 1] },
  { of: slow, kind: "failed", outcome: "timeout", reason: "hard", groups: [12] },
])(
  "what is $reason is one reason for all partitions of one cause, and another for each other cause",
  async ({ of, kind, outcome, reason, groups }) => {
    await using engine = await startEngine([pipelineOf(of)]);
    const { database } = engine.db;

    await engine.untilSettled();

    const { reasons } = await readHealth(database, NAMESPACE);
    expect(reasons.map((each) => each.outputs)).toEqual(groups);
    for (const each of reasons) expect(each).toMatchObject({ processor: of.name, kind, outcome, reason });
    expect(new Set(reasons.map((each) => each.fingerprint)).size).toBe(groups.length);
    for (const each of reasons) {
      const details = await showRun(database, NAMESPACE, {
        named: of.name,
        partition: each.partition,
      });
      expect(details.run).toMatchObject({ outcome, reason, fingerprint: each.fingerprint });
    }
    expect(await readCauses(engine.db)).toEqual({ runs: 12, outputs: 12, tasks: 12 });
  },
);

test("a success leaves no cause behind, nor does one that comes after a failure", async () => {
  let tries = 0;
  const flaky = processor("flaky", {
    phase: "all",
    queue: eager,
    run: async () => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
    },
  });
  await using engine = await startEngine([pipelineOf(flaky)]);

  await engine.untilSettled();

  const { rows } = await engine.db.database.query(
    "select outcome, fingerprint is null as clean from headworks.runs order by id",
  );
  expect(rows).toEqual([
    { outcome: "error", clean: false },
    { outcome: "success", clean: true },
  ]);
  expect(await readCauses(engine.db)).toEqual({ runs: 1, outputs: 0, tasks: 0 });
});

test("a failed output keeps its cause when its task is gone", async () => {
  await using engine = await startEngine([pipelineOf(broken)]);
  const { database } = engine.db;
  await engine.untilSettled();
  const before = await readHealth(database, NAMESPACE);

  await database.query("delete from headworks.tasks");

  const after = await readHealth(database, NAMESPACE);
  expect(after.reasons.map(({ fingerprint, outputs }) => ({ fingerprint, outputs }))).toEqual(
    before.reasons.map(({ fingerprint, outputs }) => ({ fingerprint, outputs })),
  );
});

/** How many rows of each table name the cause of an ending. */
async function readCauses({ database }: { database: Parameters<typeof readHealth>[0] }) {
  const { rows } = await database.query(
    `select (select count(*)::int4 from headworks.runs where fingerprint is not null) as runs,
       (select count(*)::int4 from headworks.outputs where fingerprint is not null) as outputs,
       (select count(*)::int4 from headworks.tasks where fingerprint is not null) as tasks`,
  );
  return rows[0];
}
