import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import type { Database } from "../database.ts";
import { writeOutput, writeProcessors, writeRun } from "../ledger/ledger.fixture.ts";
import {
  findOutputDetail,
  findRuns,
  listAttempts,
  listNeighbors,
  listOutputs,
  listPartitionsOf,
} from "./runs.ts";

const id = (number: number) => `0198a7b2-3c4d-7000-8000-${String(number).padStart(12, "0")}`;

async function withOutputs(database: Database): Promise<void> {
  await writeProcessors(
    database,
    { name: "box_scores", phase: "raw" },
    { name: "standings", phase: "analytics" },
  );
  for (const partition of ["2026-01-14", "2026-01-15", "2026-01-16"]) {
    await writeOutput(database, { processor: "box_scores", partition, status: "complete" });
  }
  await writeOutput(database, { processor: "standings", partition: "all", task: { state: "running" } });
}

test("finds outputs by what a person sees, running ones too", async () => {
  await using db = await createTestDatabase();
  await withOutputs(db.database);
  await writeOutput(db.database, {
    processor: "box_scores",
    partition: "2026-01-17",
    expectedBy: "now() - interval '1 hour'",
  });
  const names = async (search: object) => {
    const found = await listOutputs(db.database, { namespace: "prod", limit: 10, ...search });
    return found.map((row) => row.partition);
  };

  expect(await names({ status: "running" })).toEqual(["all"]);
  expect(await names({ overdue: true })).toEqual(["2026-01-17"]);
  expect(await names({ phase: "analytics" })).toEqual(["all"]);
  expect(await names({ processor: "box_scores", partition: "2026-01-15" })).toEqual(["2026-01-15"]);
});

test("finds a run by the beginning of its id, and several when it isn't enough", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, { name: "box_scores", phase: "raw" });
  const output = await writeOutput(database, { processor: "box_scores", partition: "01" });
  for (const number of [1, 2]) {
    await writeRun(database, {
      id: id(number),
      outputId: output,
      processor: "box_scores",
      partition: "01",
      outcome: "success",
    });
  }
  const found = async (prefix: string) => (await findRuns(database, prefix, 5)).map((row) => row.id);

  expect(await found(id(2))).toEqual([id(2)]);
  expect(await found("0198A7B2-3c4d")).toEqual([id(1), id(2)]);
  expect(await found("box_scores")).toEqual([]);
});

test("tells what an output needs and what needs it, and which run released what", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(
    database,
    { name: "box_scores", phase: "raw" },
    { name: "standings", phase: "analytics" },
  );
  const up = await writeOutput(database, { processor: "box_scores", partition: "01", status: "failed" });
  const middle = await writeOutput(database, {
    processor: "standings",
    partition: "all",
    needs: [{ id: up, mode: "optional" }],
  });
  const down = await writeOutput(database, {
    processor: "standings",
    partition: "more",
    needs: [{ id: middle }],
    task: { state: "ready" },
  });
  await writeRun(database, {
    id: id(1),
    outputId: up,
    processor: "box_scores",
    partition: "01",
    outcome: "error",
    traceparent: "trace-of-up",
  });
  await database.query("update headworks.outputs set run_id = $1 where id = $2", [id(1), up]);
  await database.query("update headworks.tasks set traceparent = 'trace-of-middle' where output_id = $1", [
    down,
  ]);

  const neighbors = await listNeighbors(database, middle, 10);

  expect(neighbors).toMatchObject([
    {
      direction: "up",
      processor: "box_scores",
      status: "failed",
      mode: "optional",
      run_traceparent: "trace-of-up",
    },
    { direction: "down", partition: "more", task_state: "ready", task_traceparent: "trace-of-middle" },
  ]);
  expect(await findOutputDetail(database, middle)).toMatchObject({
    processor: "standings",
    status: "expected",
  });
  expect(await listAttempts(database, up, 5)).toMatchObject([
    { id: id(1), duration_ms: 1500, outcome: "error" },
  ]);
  expect(await listPartitionsOf(database, "prod", "standings", 5)).toEqual(["more", "all"]);
});
