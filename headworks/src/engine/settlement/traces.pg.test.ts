// Tests that a trace goes on from run to run.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";

const days = daily({ timezone: "UTC", start: "2026-01-01", end: "2026-01-05" });
const nothing = () => undefined;

test("what a run releases runs in the trace of that run, as a span of its own", async () => {
  const first = processor("first", { phase: "all", partitions: days, run: nothing });
  const second = processor("second", { phase: "all", partitions: days, needs: [first], run: nothing });
  await using engine = await startEngine([pipelineOf(first, second)]);

  await engine.untilSettled();

  const { rows } = await engine.db.database.query<{ traces: number; spans: number }>(
    `select count(distinct split_part(traceparent, '-', 2))::int4 as traces, count(distinct traceparent)::int4 as spans
     from headworks.runs group by partition`,
  );
  expect(rows).toEqual(Array.from({ length: 5 }, () => ({ traces: 1, spans: 2 })));
});
