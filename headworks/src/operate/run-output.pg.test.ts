// Tests of asking for a run of one output: with its audit row, planned where it isn't in the ledger, told from earlier runs.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { openNamespace } from "../engine/planning/namespace.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../testing/engine-claims.ts";
import { readOutput } from "../testing/engine-ledger.ts";
import type { Operator } from "./operator.ts";
import { findLastEnd, runOutput } from "./run-output.ts";

const days = processor("days", {
  phase: "all",
  partitions: daily({ start: "2026-01-01", end: "2026-01-03" }),
  run: () => undefined,
});
const asked = { processor: "days", partition: "2026-01-02", from_archive: false, forced: true };

const operatorOf = (world: World): Operator => ({
  database: world.db.database,
  namespace: NAMESPACE,
  actor: "ada",
});

async function auditOf({ db }: World) {
  const { rows } = await db.database.query("select actor, action, subject, details from headworks.audit_log");
  return rows;
}

test("a run is asked for, and the run before it is named, so that the answer can be told from it", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const worker = await enlist(world);

  const first = await runOutput(operator, world.registry, asked);
  expect(first).toMatchObject({
    processor: "days",
    partition: "2026-01-02",
    state: "ready",
    run_before: null,
  });
  const [task] = (await claim(world, worker)).filter((each) => each.output_id === first.output_id);
  if (task === undefined) throw new Error("what was asked for was not ready");
  expect(task.forced).toBe(true);
  expect(await runOutput(operator, world.registry, asked)).toMatchObject({ state: "running" });
  await settleRuns(world, worker, [returned(world, task)]);
  expect(await findLastEnd(database, first.output_id)).toBe(task.run_id);
  expect(await runOutput(operator, world.registry, asked)).toMatchObject({
    state: "ready",
    run_before: task.run_id,
  });
  expect(await auditOf(world)).toMatchObject(
    ["ready", "running", "ready"].map((state) => ({
      actor: "ada",
      action: "outputs.run",
      subject: "days[2026-01-02]",
      details: { forced: true, from_archive: false, state },
    })),
  );
});

test("an output that isn't in the ledger yet is planned; what no partition covers is refused without a trace", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  await database.query("delete from headworks.tasks");
  await database.query("delete from headworks.outputs");

  const planned = await runOutput(operator, world.registry, asked);
  expect(await readOutput(database, "days", "2026-01-02")).toMatchObject({
    id: planned.output_id,
    status: "expected",
    task: "ready",
  });
  const none = runOutput(operator, world.registry, { ...asked, partition: "2026-02-01" });
  await expect(none).rejects.toMatchObject({ code: "UNKNOWN_PARTITION" });
  expect(await auditOf(world)).toHaveLength(1);
});

test("a retired processor is refused, and neither a plan nor an audit row is left", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  await database.query("update headworks.processors set retired_at = now()");

  const refused = runOutput(operatorOf(world), world.registry, asked);
  await expect(refused).rejects.toMatchObject({ code: "PROCESSOR_RETIRED" });
  expect(await auditOf(world)).toEqual([]);
});

test("another namespace than `prod` is told which partitions it has itself", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { db, registry } = world;
  const namespace = "replay_days";
  const selection = [{ processor: "days", partition: "2026-01-02" }];
  await openNamespace(db.database, { namespace, registry, codeVersion: "replay", selection });

  const unnamed = runOutput({ ...operatorOf(world), namespace }, registry, {
    ...asked,
    partition: undefined,
  });
  await expect(unnamed).rejects.toMatchObject({
    code: "PARTITION_NEEDED",
    hint: "name one with --partition, such as 2026-01-02",
  });
});
