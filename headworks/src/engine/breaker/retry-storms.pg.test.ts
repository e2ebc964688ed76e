// Tests of retry storms over several processes: counted together, told once, and waits are longer until it is over.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { openLog } from "../../telemetry/log.ts";
import { eager, openWorld, pipelineOf, startEngine, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settlerOf } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { settleGroup } from "../settlement/settle.ts";
import { inTurn, sourceAt, startServer } from "../source/source.fixture.ts";
import { RetryStorms, watchRetryStorms } from "./retry-storms.ts";

const quiet = openLog({ format: "json", level: "error" });
const MINUTE_MS = 60_000;

const feed = processor("feed", {
  phase: "all",
  partitions: daily({ start: "2025-01-01", end: "2025-01-04" }),
  queue: queue("feed", { minBackoff: "1m", maxBackoff: "1h", maxAttempts: 100 }),
  run: () => undefined,
});

/** Two processes; each of them has begun so many runs of which so many were retries. */
async function begun(world: World, starts: number, retries: number): Promise<[RetryStorms, RetryStorms]> {
  const { database } = world.db;
  const processes: [RetryStorms, RetryStorms] = [
    new RetryStorms(database, "prod", quiet),
    new RetryStorms(database, "prod", quiet),
  ];
  for (const each of processes) {
    for (let start = 0; start < starts; start += 1) each.started("processor", "feed", start < retries);
    await each.tell();
  }
  return processes;
}

async function eventsOf({ db }: World): Promise<string[]> {
  const { rows } = await db.database.query(
    "select kind, subject from headworks.events where kind like 'retry_storm%' order by id",
  );
  return rows.map(({ kind, subject }) => `${kind} ${subject}`);
}

/** Fails one task; gives the wait until its retry in milliseconds. */
async function waitAfterFailure(world: World, isStorm: (processor: string) => boolean): Promise<number> {
  const worker = await enlist(world);
  const [task] = await claim(world, worker, { queue: "feed", limit: 1 });
  if (task === undefined) throw new Error("there was nothing to claim");
  const settler = { ...settlerOf(world, worker), isStorm, random: () => 0 };
  const [run] = (
    await settleGroup(world.db.database, settler, [returned(world, task, { report: { kind: "threw" } })])
  ).runs;
  const move = run?.settlement.task;
  return move !== undefined && "delayMs" in move ? move.delayMs : Number.NaN;
}

test("when most of what the fleet starts are retries, there is a storm, told once; retries wait longer until it is over", async () => {
  await using world = await openWorld([pipelineOf(feed)]);
  const { database } = world.db;
  const [first, second] = await begun(world, 30, 20);
  const inStorm = (process: RetryStorms) => (name: string) => process.isStorm("processor", name);
  expect(await waitAfterFailure(world, inStorm(first))).toBe(MINUTE_MS);

  await Promise.all([1, 2, 3].map(() => watchRetryStorms(database)));
  await Promise.all([first.tell(), second.tell()]);

  expect(await eventsOf(world)).toEqual(["retry_storm.began feed"]);
  expect([first, second].map((each) => each.isStorm("processor", "feed"))).toEqual([true, true]);
  expect(first.isStorm("source", "feed")).toBe(false);
  expect(await waitAfterFailure(world, inStorm(second))).toBe(4 * MINUTE_MS);

  await database.query("update headworks.retry_counts set minute = minute - interval '6 minutes'");
  await watchRetryStorms(database);
  await second.tell();
  expect(await eventsOf(world)).toEqual(["retry_storm.began feed", "retry_storm.ended feed"]);
  expect(await waitAfterFailure(world, inStorm(second))).toBe(MINUTE_MS);
});

test("few retries among many starts, and few starts, are no storm; counts that couldn't be told are told later", async () => {
  await using world = await openWorld([pipelineOf(feed)]);
  await begun(world, 40, 19);
  await watchRetryStorms(world.db.database);
  expect(await eventsOf(world)).toEqual([]);

  const away = new RetryStorms(world.db.database, "prod", quiet);
  away.started("source", "host", true);
  await world.db.database.query("alter table headworks.retry_counts rename to away");
  await away.tell();
  await world.db.database.query("alter table headworks.away rename to retry_counts");
  away.started("source", "host", false);
  await away.tell();
  const told =
    "select starts * 10 + retries from headworks.retry_counts where kind = 'source' and name = 'host'";
  expect(await readNumber(world.db.database, told)).toBe(21);
});

test("an engine counts each run, and which of them are retries", async () => {
  const flaky = processor("flaky", {
    phase: "all",
    queue: eager,
    run: (ctx) => (ctx.attempt < 3 ? Promise.reject(new Error("not yet")) : undefined),
  });
  await using engine = await startEngine([pipelineOf(flaky)]);
  await engine.untilRun("flaky", "all", ({ settlement }) => settlement.outcome === "success");
  await engine.services.storms.tell();

  const counted = "select sum(starts) * 10 + sum(retries) from headworks.retry_counts where name = 'flaky'";
  expect(await readNumber(engine.db.database, counted)).toBe(32);
});

test("it counts each try of a request, too", async () => {
  await using server = await startServer(
    inTurn(
      (_, response) => response.writeHead(503).end(),
      (_, response) => response.end("ok"),
    ),
  );
  const host = sourceAt(server.url);
  const scrape = processor("scrape", {
    phase: "all",
    run: async (ctx) => void (await ctx.http(host).text("/")),
  });
  await using engine = await startEngine([pipelineOf(scrape)], { sources: [host] });
  await engine.untilRun("scrape", "all");
  await engine.services.storms.tell();

  const counted = "select sum(starts) * 10 + sum(retries) from headworks.retry_counts where kind = 'source'";
  expect(await readNumber(engine.db.database, counted)).toBe(21);
});
