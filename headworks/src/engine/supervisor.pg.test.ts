// Tests of the supervisor with real runner processes: one that no longer answers is killed, and its work goes on.

import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findOutput } from "../store/planning.ts";
import { requestTask } from "../store/tasks.ts";
import { openWorld, type World } from "../testing/engine.ts";
import { readOutcomes, readOutput, readRuns } from "../testing/engine-ledger.ts";
import stuck from "../testing/engine-stuck.config.ts";
import { Supervisor } from "./supervisor.ts";

const configuration = fileURLToPath(new URL("../testing/engine-stuck.config.ts", import.meta.url));

function supervise({ db, services }: World): Supervisor {
  return new Supervisor({
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
}

async function untilComplete({ db }: World, processor: string): Promise<void> {
  const status = async () => (await readOutput(db.database, processor, "all")).status;
  await expect.poll(status, { timeout: 45_000, interval: 100 }).toBe("complete");
}

test("a run that blocks its process from its first moment on ends at its hard timeout, and the next attempt succeeds", async () => {
  await using world = await openWorld([stuck]);
  const supervisor = supervise(world);

  await supervisor.start();
  try {
    await untilComplete(world, "burner");
  } finally {
    await supervisor.stop(0);
  }

  const { database } = world.db;
  expect(await readOutcomes(database, "burner")).toEqual(["timeout / hard", "success"]);
  expect((await readRuns(database, "burner")).map((run) => run.attempt_used)).toEqual([true, true]);
  expect(world.warnings).toContain("a runner no longer answered and was killed");
}, 60_000);

test("it does so beside runs that have much more time, which are let go and use no attempt", async () => {
  await using world = await openWorld([stuck]);
  const { database } = world.db;
  await database.query(
    "update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 hour' where processor = 'burner'",
  );
  const supervisor = supervise(world);

  await supervisor.start();
  try {
    // It has told of its neighbour, and of nothing that ends sooner.
    await expect.poll(() => supervisor.runners[0]?.running, { timeout: 45_000, interval: 50 }).toBe(1);
    const burner = await findOutput(database, "prod", "burner", "all");
    await requestTask(database, {
      outputId: burner?.id ?? 0,
      forced: false,
      fromArchive: false,
      traceparent: "",
    });
    await untilComplete(world, "burner");
    await untilComplete(world, "neighbour");
  } finally {
    await supervisor.stop(0);
  }

  expect(await readOutcomes(database, "burner")).toEqual(["timeout / hard", "success"]);
  expect(await readOutcomes(database, "neighbour")).toEqual(["error / released", "success"]);
  expect((await readRuns(database, "neighbour")).map((run) => run.attempt_used)).toEqual([false, true]);
}, 120_000);
