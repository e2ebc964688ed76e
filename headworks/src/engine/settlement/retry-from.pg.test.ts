// Tests of a retry from an earlier stage: what was needed of it runs again, then what lies between, then what had failed; nothing else.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { transaction } from "../../store/database.ts";
import { listFailedTasks } from "../../store/failure/failures.ts";
import { listPaths, listUpstreamNames, runPathAgain } from "../../store/failure/retry-from.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";
import { readLedger } from "../../testing/engine-ledger.ts";

const days = daily({ start: "2025-01-01", end: "2025-01-02" });
const each = { phase: "all", partitions: days, queue: queue("once", { maxAttempts: 1 }) } as const;

test("a day is made anew from the named stage on, in order, and what doesn't lead to the failed task is left alone", async () => {
  const began: string[] = [];
  let isGood = false;
  const note = (ctx: { processor: string; partition: string }) =>
    void began.push(`${ctx.processor} ${ctx.partition}`);
  const other = processor("other", { ...each, run: note });
  const raw = processor("raw", { ...each, needs: [other], run: note });
  const table = processor("table", { ...each, needs: [raw], run: note });
  const aside = processor("aside", { ...each, needs: [raw], run: note });
  const report = processor("report", {
    ...each,
    needs: [table],
    run(ctx) {
      note(ctx);
      if (!isGood && ctx.partition === "2025-01-02") throw new Error("the table is wrong");
    },
  });
  await using engine = await startEngine([pipelineOf(other, raw, table, aside, report)]);
  const { database } = engine.db;
  await engine.untilSettled();
  const failed = await listFailedTasks(database, { namespace: "prod" }, { after: 0, limit: 10 });
  const outputs = failed.map((task) => task.output_id);
  expect(failed).toMatchObject([{ processor: "report", partition: "2025-01-02" }]);
  expect(await listUpstreamNames(database, outputs)).toEqual(["other", "raw", "table"]);
  expect(await listPaths(database, outputs, "aside")).toEqual([]);
  began.length = 0;
  isGood = true;

  const path = await listPaths(database, outputs, "raw");
  await transaction(database, (connection) => runPathAgain(connection, path, ""));
  await hintReadyTasks(database);
  await engine.untilRun("report", "2025-01-02", ({ settlement }) => settlement.outcome === "success");
  await engine.untilSettled();

  expect(began).toEqual(["raw 2025-01-02", "table 2025-01-02", "report 2025-01-02"]);
  expect(new Set(Object.values(await readLedger(database)))).toEqual(new Set(["complete"]));
});
