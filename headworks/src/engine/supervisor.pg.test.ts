// Tests of the supervisor with real runner processes: one that no longer answers is killed, and its work goes on.

import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openWorld } from "../testing/engine.ts";
import { readOutcomes, readOutput, readRuns } from "../testing/engine-ledger.ts";
import stuck from "../testing/engine-stuck.config.ts";
import { Supervisor } from "./supervisor.ts";

test("a run that blocks its process from its first moment on ends at its hard timeout, and the next attempt succeeds", async () => {
  await using world = await openWorld([stuck]);
  const { db, services } = world;
  const configuration = fileURLToPath(new URL("../testing/engine-stuck.config.ts", import.meta.url));
  const supervisor = new Supervisor({
    services,
    runners: 1,
    settings: {
      configuration,
      directory: tmpdir(),
      databaseUrl: db.url,
      dataDir: tmpdir(),
      namespace: "prod",
      concurrency: 2,
      codeVersion: "v1",
      log: { format: "json", level: "error" },
    },
  });

  await supervisor.start();
  try {
    await expect
      .poll(async () => (await readOutput(db.database, "burner", "all")).status, {
        timeout: 45_000,
        interval: 100,
      })
      .toBe("complete");
  } finally {
    await supervisor.stop(0);
  }

  expect(await readOutcomes(db.database, "burner")).toEqual(["timeout / hard", "success"]);
  expect((await readRuns(db.database)).map((run) => run.attempt_used)).toEqual([true, true]);
  expect(world.warnings).toContain("a runner no longer answered and was killed");
}, 60_000);
