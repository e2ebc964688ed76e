// Tests of a backup that is taken while runs settle: what it holds is one instant, whatever table is looked at.

import { expect, test } from "vitest";
import { z } from "zod";
import { dataset } from "../../define/dataset.ts";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { makeFolder } from "./backup.fixture.ts";
import { restoreBackup } from "./restore.ts";
import { takeBackup } from "./take.ts";

const DAYS = 20;
const counts = dataset("counts", {
  schema: z.object({ day: z.string(), n: z.number().int() }),
  key: ["day"],
});
let counter = 0;
const counting = processor("counting", {
  phase: "all",
  partitions: daily({ start: "2026-01-01", end: `2026-01-${DAYS}` }),
  output: counts,
  async run(ctx) {
    counter += 1;
    ctx.metric("n", counter);
    await ctx.write(counts, [{ day: ctx.partition, n: counter }]);
  },
});

/** Each settlement writes all of these together: in one instant they agree. */
const TORN = `
  select count(*) from headworks.outputs o
  left join headworks.runs r on r.id = o.run_id
  left join headworks.run_metrics m on m.run_id = o.run_id
  left join prod.counts c on c.day = o.partition
  left join headworks.tasks t on t.output_id = o.id
  where o.status = 'complete' and (
    r.outcome is distinct from 'success' or c._run is distinct from o.run_id or m.value is distinct from c.n
    or exists (select from headworks.runs later where later.output_id = o.id and later.id > o.run_id and later.outcome = 'success')
    or (t.state = 'running' and exists (select from headworks.runs r where r.id = t.run_id)))`;

test("a backup under load is of one instant: every output, run, row and metric agree, and nothing is lost", async () => {
  await using folder = await makeFolder();
  await using engine = await startEngine([pipelineOf(counting)]);
  const { database } = engine.db;
  let isLoaded = true;
  const load = (async () => {
    while (isLoaded) {
      for (let day = 1; day <= DAYS; day += 1)
        await engine.request("counting", `2026-01-${String(day).padStart(2, "0")}`, { forced: true });
      await engine.untilSettled();
    }
  })();
  await engine.untilRun("counting", "2026-01-01");

  const options = {
    database,
    actor: "ada",
    dataDir: engine.dataDir,
    folder: folder.path,
    prefix: "b-",
    files: true,
  };
  let settledMeanwhile = 0;
  let file = "";
  while (settledMeanwhile === 0) {
    const before = engine.settled.length;
    ({ file } = await takeBackup(options));
    settledMeanwhile = engine.settled.length - before;
  }
  isLoaded = false;
  await load;

  await using target = await createTestDatabase();
  await restoreBackup({
    database: target.database,
    actor: "ada",
    dataDir: folder.path,
    file,
    replace: false,
    files: true,
  });
  expect(await readNumber(target.database, TORN)).toBe(0);
  expect(await readNumber(target.database, "select count(*) from headworks.outputs")).toBe(DAYS);

  await using resumed = await startEngine([pipelineOf(counting)], { database: target, dataDir: folder.path });
  await resumed.untilSettled();
  expect(Object.values(await resumed.ledger())).toEqual(Array(DAYS).fill("complete"));
  expect(await readNumber(target.database, TORN)).toBe(0);
});
