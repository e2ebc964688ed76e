import { expect, test } from "vitest";
import { parseInput } from "../contract/input.ts";
import * as logs from "../contract/logs.ts";
import * as outputs from "../contract/outputs.ts";
import * as runs from "../contract/runs.ts";
import type { Database } from "../store/database.ts";
import { writeOutput, writeProcessors, writeRun } from "../store/ledger/ledger.fixture.ts";
import { createTestDatabase } from "../testing/database.ts";
import { searchLogs } from "./logs.ts";
import { listOutputs } from "./outputs.ts";
import { showRun } from "./run-details.ts";
import { listRuns } from "./runs.ts";

const id = (number: number) => `0198a7b2-3c4d-7000-8000-${String(number).padStart(12, "0")}`;

async function withRuns(database: Database, amount: number): Promise<void> {
  await writeProcessors(database, { name: "box_scores", phase: "raw" });
  const output = await writeOutput(database, { processor: "box_scores", partition: "01" });
  const run = { outputId: output, processor: "box_scores", partition: "01" };
  for (let number = 1; number <= amount; number += 1) {
    const ending =
      number === 1 ? ({ outcome: "error", reason: "thrown" } as const) : ({ outcome: "success" } as const);
    await writeRun(database, { ...run, id: id(number), ...ending });
  }
}

test("pages through outputs without losing or repeating one", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(
    database,
    { name: "box_scores", phase: "raw" },
    { name: "standings", phase: "analytics" },
  );
  for (const partition of ["2026-01-14", "2026-01-15", "2026-01-16"])
    await writeOutput(database, { processor: "box_scores", partition, status: "complete" });
  await writeOutput(database, { processor: "standings", partition: "all", task: { state: "running" } });
  const page = (cursor?: string | null) =>
    listOutputs(database, "prod", parseInput(outputs.listOutputs, { limit: 3, cursor: cursor ?? undefined }));

  const first = await page();
  const second = await page(first.next_cursor);

  expect([...first.items, ...second.items].map((row) => `${row.processor}[${row.partition}]`)).toEqual([
    "box_scores[2026-01-16]",
    "box_scores[2026-01-15]",
    "box_scores[2026-01-14]",
    "standings[all]",
  ]);
  expect(first.next_cursor).not.toBeNull();
  expect(second.next_cursor).toBeNull();
});

test("lists runs from the latest on, and pages through them", async () => {
  await using db = await createTestDatabase();
  await withRuns(db.database, 3);
  const page = (search: object) => listRuns(db.database, "prod", parseInput(runs.listRuns, search));

  const first = await page({ limit: 2 });
  const second = await page({ limit: 2, cursor: first.next_cursor });

  expect([first, second].map(({ items }) => items.map((run) => run.id))).toEqual([[id(3), id(2)], [id(1)]]);
  expect(second.next_cursor).toBeNull();
  expect((await page({ outcome: "error" })).items).toMatchObject([{ id: id(1), reason: "thrown" }]);
});

test("refuses a cursor of something else", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const refused = { code: "CURSOR_INVALID" };
  const cursor = "17";

  await expect(
    listOutputs(database, "prod", parseInput(outputs.listOutputs, { cursor })),
  ).rejects.toMatchObject(refused);
  await expect(listRuns(database, "prod", parseInput(runs.listRuns, { cursor }))).rejects.toMatchObject(
    refused,
  );
  await expect(searchLogs(database, "prod", parseInput(logs.searchLogs, { cursor }))).rejects.toMatchObject(
    refused,
  );
});

test("shows a run that is older than the attempts that are listed, and says that these are cut", async () => {
  await using db = await createTestDatabase();
  await withRuns(db.database, 52);

  const details = await showRun(db.database, "prod", { named: id(1) });

  expect(details.run).toMatchObject({ id: id(1), outcome: "error" });
  expect(details.attempts).toHaveLength(50);
  expect(details).toMatchObject({ attempts_cut: true, needs_cut: false, requests_cut: false });
});
