// Tests of suspects, which run alone in their process: one after the other without a wait, and no longer than there are any.

import { expect, test } from "vitest";
import { processor } from "../define/processor.ts";
import { openWorld, pipelineOf, startEngine } from "../testing/engine.ts";
import { readRuns } from "../testing/engine-ledger.ts";
import { Promoter } from "./promoter.ts";

const nothing = () => undefined;

test("forty suspects run one after the other, without waiting for the next look in between", async () => {
  const pipeline = pipelineOf(
    ...Array.from({ length: 40 }, (_, at) => processor(`suspect_${at}`, { phase: "all", run: nothing })),
  );
  await using world = await openWorld([pipeline]);
  await world.db.database.query("update headworks.tasks set alone = true");
  await using engine = await startEngine([pipeline], { database: world.db });

  // A look comes every second: with one between any two suspects, this test would run out of its time.
  await engine.untilSettled();

  const runs = await readRuns(engine.db.database);
  expect(runs.filter((run) => run.outcome === "success")).toHaveLength(40);
});

test("who waits to run a suspect alone is told when another has taken it", async () => {
  await using world = await openWorld([pipelineOf(processor("suspect", { phase: "all", run: nothing }))]);
  const { database } = world.db;
  await database.query("update headworks.tasks set alone = true");
  const waits = Promise.withResolvers<boolean>();
  const taken = Promise.withResolvers<boolean>();
  const promoter = new Promoter({
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
