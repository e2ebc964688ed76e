// A runner whose handlers leave failing promises and timers behind: each ends its own run, and no other.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { readRuns } from "../testing/engine-ledger.ts";
import { runCommand } from "./command.fixture.ts";

const STRAY = fileURLToPath(new URL("./fixtures/stray.config.ts", import.meta.url));

test("an error that nobody awaits ends the run it belongs to, and its runner goes on", async () => {
  await using db = await createTestDatabase();

  const ended = await runCommand(["start", "--until-settled", "--config", STRAY, "--database-url", db.url]);

  const runs = await readRuns(db.database);
  const endings = runs.map(({ processor, outcome, reason }) => [processor, outcome, reason].join(" ")).sort();
  expect(endings).toEqual([
    "caught success ",
    "floating error thrown",
    "late error thrown",
    ...Array(5).fill("neighbor success "),
    "timed error thrown",
  ]);
  const messages = new Map(runs.map((run) => [run.processor, run.error?.message]));
  expect(messages.get("floating")).toBe("nobody awaits this");
  expect(messages.get("timed")).toBe("thrown by a timer");
  expect(messages.get("late")).toMatch(/\/first got no complete response/);
  expect(ended.stderr).not.toContain("runner");
}, 120_000);
