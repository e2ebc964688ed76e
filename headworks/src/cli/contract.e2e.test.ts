// Runs the commands with `--json` and holds what they print to the contract, field by field.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "../contract/operations.ts";
import { registerWorker } from "../store/queue/workers.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { runCommand, SEASON } from "./command.fixture.ts";

/** How the command line asks for each operation, in this order, of the small season after a day with a fault. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  "breakers.list": ["breakers", "list"],
  "breakers.reset": ["breakers", "reset", "box_scores"],
  "health.show": ["health"],
  "queues.list": ["queues", "list"],
  "queues.pause": ["queues", "pause", "once"],
  "queues.resume": ["queues", "resume", "once"],
  "queues.purge": ["queues", "purge", "once", "--yes"],
  "schedules.list": ["schedules", "list"],
  "schedules.show": ["schedules", "show", "leap_days"],
  "schedules.pause": ["schedules", "pause", "leap_days"],
  "schedules.resume": ["schedules", "resume", "leap_days"],
  "tasks.list": ["tasks", "list"],
  "workers.list": ["workers", "list"],
  "tasks.add": ["tasks", "add", "schedule", "2026-01-01", "--delay", "1h"],
  "tasks.prioritize": ["tasks", "prioritize", "schedule", "2026-01-01", "--priority", "0"],
  "tasks.cancel": ["tasks", "cancel", "schedule", "2026-01-01"],
};

/** Operations that a command asks for on its way to another, and has no output of its own for. */
const ON_THE_WAY = ["queues.purgeable"];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const season = ["start", "--until-settled", "--apply-datasets", "--config", SEASON];
  await headworks(season, { SEASON_FAULT: "throws" });
  // A worker that is there: those of the start are gone by now.
  const worker = {
    id: randomUUID(),
    host: "here",
    processKey: "here:1:1",
    codeVersion: "test",
    concurrency: 1,
  };
  await registerWorker(db.database, worker, 3_600_000);
}, 120_000);
afterAll(() => db[Symbol.asyncDispose]());

test("every operation is asked for by a command here", () => {
  expect([...Object.keys(ASKED), ...ON_THE_WAY].sort()).toEqual([...OPERATIONS.keys()].sort());
});

test.for(Object.entries(ASKED))("%s prints what the contract says", async ([name, args]) => {
  const { stdout, stderr } = await headworks([...args, "--json"]);

  const parsed = OPERATIONS.get(name)?.output.safeParse(JSON.parse(stdout || `"${stderr}"`));
  expect(parsed?.error?.issues ?? []).toEqual([]);
});

test("every action that was asked for left an audit row with its name", async () => {
  const { rows } = await db.database.query<{ action: string }>(
    "select distinct action from headworks.audit_log",
  );
  const left = rows.map(({ action }) => action);
  const actions = [...OPERATIONS.values()].filter(({ method }) => method !== "GET").map(({ name }) => name);
  expect(actions.filter((name) => !left.includes(name))).toEqual([]);
});

function headworks(args: readonly string[], env: Record<string, string> = {}) {
  return runCommand([...args, "--database-url", db.url], { env });
}
