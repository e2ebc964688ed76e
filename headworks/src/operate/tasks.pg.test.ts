// Tests of what people do to tasks: adding, prioritizing and canceling them, together with the audit row or not at all.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { sweepUnreleased } from "../engine/duties/sweeper.ts";
import { findPayload } from "../store/queue/payloads.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../testing/engine.ts";
import { readOutput } from "../testing/engine-ledger.ts";
import type { Operator } from "./operator.ts";
import { addTasks, cancelTasks, prioritizeTasks } from "./tasks.ts";

const week = daily({ start: "2026-01-01", end: "2026-01-07" });
const stats = queue("stats", { lanes: { live: {}, slow: {} } });
const days = processor("days", { phase: "all", partitions: week, queue: stats, run: () => undefined });

const operatorOf = (world: World): Operator => ({
  database: world.db.database,
  namespace: NAMESPACE,
  actor: "ada",
});
const asked = { processor: "days", delay_ms: 0, every_ms: 0 };

async function auditOf({ db }: World) {
  const { rows } = await db.database.query(
    "select actor, action, subject, details from headworks.audit_log order by id",
  );
  return rows;
}

test("tasks are added with their payload, once for each key, and the audit log says by whom", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const operator = operatorOf(world);
  const partitions = ["2026-01-02", "2026-01-01", "2026-01-02"];
  const later = { ...asked, delay_ms: 600_000, lane: "slow", dedupe_key: "morning", payload: "[1]" };

  const added = await addTasks(operator, { ...later, partitions });
  expect(added).toMatchObject({ processor: "days", duplicate: false });
  expect(added.tasks.map((task) => [task.partition, task.state])).toEqual([
    ["2026-01-01", "scheduled"],
    ["2026-01-02", "scheduled"],
  ]);
  const again = await addTasks(operator, { ...later, partitions: ["2026-01-03"] });
  expect(again).toEqual({ processor: "days", duplicate: true, tasks: [] });
  const { id } = await readOutput(world.db.database, "days", "2026-01-02");
  expect(await findPayload(world.db.database, id)).toBe("[1]");
  expect(await auditOf(world)).toMatchObject([
    {
      actor: "ada",
      action: "tasks.add",
      subject: "days",
      details: { partitions: ["2026-01-02", "2026-01-01"], lane: "slow", payload: true, duplicate: false },
    },
    { details: { partitions: ["2026-01-03"], duplicate: true } },
  ]);
});

test("what is refused leaves neither a task, nor a remembered key, nor an audit row", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const operator = operatorOf(world);
  const partitions = ["2026-01-01"];
  const refused = [
    [
      { ...asked, processor: "day", partitions },
      { code: "UNKNOWN_PROCESSOR", hint: "did you mean days?" },
    ],
    [{ ...asked, partitions: ["2026-02-01"] }, { code: "UNKNOWN_PARTITION" }],
    [{ ...asked, partitions, lane: "fast", dedupe_key: "k" }, { code: "UNKNOWN_LANE" }],
    [{ ...asked, partitions, payload: "{" }, { code: "PAYLOAD_INVALID" }],
  ] as const;
  for (const [input, error] of refused) {
    const given = { ...input, partitions: [...input.partitions] };
    await expect(addTasks(operator, given)).rejects.toMatchObject(error);
  }
  expect(await auditOf(world)).toEqual([]);
  const added = await addTasks(operator, { ...asked, partitions, dedupe_key: "k" });
  expect(added.duplicate).toBe(false);
});

test("what is canceled is waived and stays away; asked for again, it is expected again", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const { database } = world.db;
  const operator = operatorOf(world);
  const of = { processor: "days", partitions: ["2026-01-02"] };

  expect(await cancelTasks(operator, of)).toEqual({
    processor: "days",
    cancelled: 1,
    waived: 1,
    released: 0,
  });
  expect(await readOutput(database, "days", "2026-01-02")).toMatchObject({
    status: "waived",
    reason: "cancelled",
    task: null,
  });
  expect(await sweepUnreleased(database, "prod")).toBe(0);
  expect(await cancelTasks(operator, of)).toMatchObject({ cancelled: 0 });
  await addTasks(operator, { ...asked, ...of });
  expect(await readOutput(database, "days", "2026-01-02")).toMatchObject({
    status: "expected",
    task: "ready",
  });
  expect(await auditOf(world)).toMatchObject([
    { action: "tasks.cancel", subject: "days", details: { cancelled: 1, waived: 1, released: 0 } },
    { action: "tasks.cancel", details: { cancelled: 0 } },
    { action: "tasks.add" },
  ]);
});

test("a priority is set, and given back", async () => {
  await using world = await openWorld([pipelineOf(days)]);
  const operator = operatorOf(world);
  const of = { processor: "days", partitions: ["2026-01-03"] };

  expect(await prioritizeTasks(operator, { ...of, priority: 0 })).toEqual({
    processor: "days",
    tasks: [{ partition: "2026-01-03", priority: 0 }],
  });
  const [given] = (await prioritizeTasks(operator, of)).tasks;
  expect(given?.priority).toBe(world.registry.processors.get("days")?.priority);
  expect(await auditOf(world)).toMatchObject([
    { action: "tasks.prioritize", subject: "days", details: { priority: 0 } },
    { action: "tasks.prioritize", details: { partitions: ["2026-01-03"] } },
  ]);
});
