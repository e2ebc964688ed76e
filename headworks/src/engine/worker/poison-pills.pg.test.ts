// Tests of isolation: one after the other without a wait, and no longer than there are any.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import type { Database } from "../../store/database.ts";
import { chooseIsolated } from "../../store/queue/tasks.ts";
import { NAMESPACE, openWorld, pipelineOf, startEngine } from "../../testing/engine.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { readNumber, readRuns } from "../../testing/engine-ledger.ts";
import { Promoter } from "./promoter.ts";

const nothing = () => undefined;

test("forty poison pills run one after the other, without waiting for the next look in between", async () => {
  const pipeline = pipelineOf(
    ...Array.from({ length: 40 }, (_, at) => processor(`poison_${at}`, { phase: "all", run: nothing })),
  );
  await using world = await openWorld([pipeline]);
  await world.db.database.query("update headworks.tasks set alone = true");
  await using engine = await startEngine([pipeline], { database: world.db });

  // A look comes every second: with one between any two poison pills, this test would run out of its time.
  await engine.untilSettled();

  const runs = await readRuns(engine.db.database);
  expect(runs.filter((run) => run.outcome === "success")).toHaveLength(40);
});

test("who waits to isolate a poison pill is told when another has taken it", async () => {
  await using world = await openWorld([pipelineOf(processor("poison", { phase: "all", run: nothing }))]);
  const { database } = world.db;
  await database.query("update headworks.tasks set alone = true");
  const waits = Promise.withResolvers<boolean>();
  const taken = Promise.withResolvers<boolean>();
  const promoter = new Promoter({
    namespace: NAMESPACE,
    database,
    log: world.services.log,
    onReady: (aloneReady) => (aloneReady ? waits : taken).resolve(aloneReady),
  });
  promoter.start();

  expect(await waits.promise).toBe(true);
  await database.query("update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 day'");
  expect(await taken.promise).toBe(false);
  promoter.stop();
});

test("of the workers that ask, the one that runs the least isolates a poison pill", async () => {
  await using world = await openWorld([
    pipelineOf(...["a", "b", "c"].map((name) => processor(name, { phase: "all", run: nothing }))),
  ]);
  const { database } = world.db;
  const [busy, calm] = [await enlist(world), await enlist(world)];
  await claim(world, busy, { limit: 2 });
  await claim(world, calm, { limit: 1 });

  expect(await chooseIsolated(database, busy)).toBe(true);
  expect(await chooseIsolated(database, calm)).toBe(true);
  expect(await chooseIsolated(database, busy)).toBe(false);
  expect(await chooseIsolated(database, calm)).toBe(true);
});

test("no worker makes room whose lease is over or whose code version isn't the registered one", async () => {
  await using world = await openWorld([pipelineOf(processor("a", { phase: "all", run: nothing }))]);
  const { database } = world.db;
  const gone = await enlist(world, { leaseMs: -1 });
  expect(await chooseIsolated(database, gone)).toBe(false);

  const old = await enlist(world);
  await database.query("update headworks.namespaces set code_version = 'v2'");
  expect(await chooseIsolated(database, old)).toBe(false);
});

test("while one worker waits for a long run to end to isolate a poison pill, another goes on", async () => {
  const begun = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
  const end = Promise.withResolvers<void>();
  const long = (name: keyof typeof begun) =>
    processor(name, {
      phase: "all",
      async run() {
        begun[name].resolve();
        await end.promise;
      },
    });
  const short = ["poison", "ordinary"].map((name) => processor(name, { phase: "all", run: nothing }));
  const pipeline = pipelineOf(long("first"), long("second"), ...short);
  await using world = await openWorld([pipeline]);
  const { database } = world.db;
  await database.query("update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 day'");
  await using waiting = await startEngine([pipeline], { database: world.db, concurrency: 1 });
  await waiting.request("first");
  await begun.first.promise;
  await using going = await startEngine([pipeline], { database: world.db, concurrency: 2 });
  await going.request("second");
  await begun.second.promise;

  await database.query("update headworks.tasks set state = 'ready', alone = true where processor = 'poison'");
  await untilRoomIsMade(database, 2);
  await going.request("ordinary");
  await going.untilRun("ordinary", "all");

  expect(await waiting.ledger()).toMatchObject({ "poison[all]": "expected / ready" });
  end.resolve();
  await Promise.any([waiting, going].map((engine) => engine.untilRun("poison", "all")));
});

/** Until a worker has said so many times that it makes room: each look of the others is as long apart. */
async function untilRoomIsMade(database: Database, times: number): Promise<void> {
  const said = new Set<number>();
  await expect
    .poll(
      async () =>
        said.add(
          await readNumber(
            database,
            "select coalesce(extract(epoch from max(isolated_until)) * 1000, 0)::bigint from headworks.workers",
          ),
        ).size,
      { timeout: 20_000 },
    )
    .toBeGreaterThan(times);
}
