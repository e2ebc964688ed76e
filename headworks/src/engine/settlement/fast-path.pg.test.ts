// Tests of runs that succeeded and left nothing but counts: they settle in one statement, each as if it were alone.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { openWorld, pipelineOf } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readLedger } from "../../testing/engine-ledger.ts";

const days = daily({ start: "2026-01-01", end: "2026-01-04" });
const plain = processor("plain", { phase: "all", partitions: days, run: () => undefined });

const RUNS = `select r.partition, r.outcome, r.reason, r.attempt, r.requests, r.records, r.expected_min, r.expected_max, r.traceparent,
  o.records as ledger_records, o.expected_min as ledger_min, o.read_set, o.run_id = r.id as is_last
  from headworks.runs r join headworks.outputs o on o.id = r.output_id order by r.partition, r.id`;

test("what one run of a group has and the others lack is kept, a 0 as a 0", async () => {
  await using world = await openWorld([pipelineOf(plain)]);
  const worker = await enlist(world);
  const [first, second, third] = (await claim(world, worker)).map((task) => returned(world, task));
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few tasks");
  const range = { kind: "known", range: { min: 0, max: 9 } } as const;
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  await settleRuns(world, worker, [first, { ...second, requests: 3, traceparent }]);
  await settleRuns(world, worker, [{ ...third, expectation: range, readSet: 'a,"b"' }]);

  expect((await world.db.database.query(RUNS)).rows).toMatchObject([
    { partition: "2026-01-01", requests: 0, records: 1, expected_min: null, read_set: null, is_last: true },
    { partition: "2026-01-02", requests: 3, traceparent, ledger_records: 1, is_last: true },
    {
      partition: "2026-01-03",
      expected_min: 0,
      expected_max: 9,
      ledger_min: 0,
      read_set: 'a,"b"',
      is_last: true,
    },
  ]);
});

test("of a group that is settled twice, each run counts once; one whose claim is another's leaves only that it was lost", async () => {
  await using world = await openWorld([pipelineOf(plain)]);
  const { database } = world.db;
  const worker = await enlist(world);
  const runs = (await claim(world, worker)).map((task) => returned(world, task));
  await database.query("update headworks.tasks set attempt = attempt + 1 where partition = '2026-01-02'");

  const once = await settleRuns(world, worker, runs);
  const twice = await settleRuns(world, worker, runs);

  const reasons = [null, "lease_lost", null, null];
  expect(once.runs.map(({ settlement }) => settlement.reason)).toEqual(reasons);
  expect(twice.runs.every(({ settlement }) => settlement.reason === "lease_lost")).toBe(true);
  const { rows } = await database.query(RUNS);
  expect(rows.map((row) => row.reason)).toEqual(reasons);
  expect(await readLedger(database)).toEqual({
    "plain[2026-01-01]": "complete",
    "plain[2026-01-02]": "expected / running",
    "plain[2026-01-03]": "complete",
    "plain[2026-01-04]": "complete",
  });
});
