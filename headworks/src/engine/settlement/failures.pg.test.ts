// Tests of failed tasks: what is kept with one, and what is counted of those that failed alike.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";

const threeDays = daily({ start: "2026-01-01", end: "2026-01-03" });

test("tasks that fail alike have one fingerprint, which counts them once each, not their attempts", async () => {
  let offset = 0;
  const broken = processor("broken", {
    phase: "all",
    partitions: threeDays,
    queue: eager,
    run: (ctx) => Promise.reject(new Error(`no row at ${offset++} of "${ctx.partition}"`)),
  });
  await using engine = await startEngine([pipelineOf(broken)]);

  await engine.untilSettled();

  const tasks = await engine.db.database.query(
    "select state, fingerprint, first_failed_at = failed_at as at_once from headworks.tasks",
  );
  const { fingerprint } = tasks.rows[0] as { fingerprint: string };
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(tasks.rows).toMatchObject([1, 2, 3].map(() => ({ state: "failed", fingerprint })));
  const failures = await engine.db.database.query(
    "select fingerprint, state, count, last_code_version from headworks.failures",
  );
  expect(failures.rows).toMatchObject([{ fingerprint, state: "open", count: 3, last_code_version: "v1" }]);
});

test("a task that fails again keeps when it failed first", async () => {
  const broken = processor("broken", {
    phase: "all",
    run: () => Promise.reject(new Error("still")),
    queue: eager,
  });
  await using engine = await startEngine([pipelineOf(broken)]);
  const failed = () => engine.untilRun("broken", "all", ({ settlement }) => settlement.task.to === "failed");
  await failed();
  const read = async () =>
    (await engine.db.database.query("select first_failed_at, failed_at from headworks.tasks")).rows[0];
  const before = await read();

  await engine.request("broken");
  await engine.untilRun("broken", "all", ({ run }) => run.task.attempt === 6);

  const after = await read();
  expect(after.first_failed_at).toEqual(before.first_failed_at);
  expect(Date.parse(after.failed_at)).toBeGreaterThan(Date.parse(before.failed_at));
});
