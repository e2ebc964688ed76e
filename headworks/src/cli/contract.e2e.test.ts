// Runs the commands with `--json` and holds what they print to the contract, field by field.

import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "../contract/operations.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { runCommand, SEASON } from "./command.fixture.ts";

/** How the command line asks for each operation, in this order, of the small season after a day with a fault. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  "queues.list": ["queues", "list"],
  "queues.pause": ["queues", "pause", "once"],
  "queues.resume": ["queues", "resume", "once"],
  "queues.purge": ["queues", "purge", "once", "--yes"],
  "tasks.list": ["tasks", "list"],
};

/** Operations that a command asks for on its way to another, and has no output of its own for. */
const ON_THE_WAY = ["queues.purgeable"];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const season = ["start", "--until-settled", "--apply-datasets", "--config", SEASON];
  await headworks(season, { SEASON_FAULT: "throws" });
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

function headworks(args: readonly string[], env: Record<string, string> = {}) {
  return runCommand([...args, "--database-url", db.url], { env });
}
