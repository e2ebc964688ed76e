// Tests of the supervisor with real runner processes: one that no longer answers is killed, and its work goes on.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { processor } from "../../define/processor.ts";
import { assemble } from "../../fleet/assembly.ts";
import { findOutput } from "../../store/ledger/planning.ts";
import { requestTask } from "../../store/queue/tasks.ts";
import { openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { readOutcomes, readOutput, readRuns } from "../../testing/engine-ledger.ts";
import stuck from "../../testing/engine-stuck.config.ts";
import { Supervisor } from "./supervisor.ts";

const quick = pipelineOf(processor("quick", { phase: "all", run: () => undefined }));
const configuration = fileURLToPath(new URL("../../testing/engine-stuck.config.ts", import.meta.url));

function supervise({ db, services }: World, file = configuration, loadingMs?: number): Supervisor {
  return new Supervisor({
    ...assemble(services),
    runners: 1,
    ...(loadingMs === undefined ? {} : { loadingMs }),
    settings: {
      configuration: file,
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
  expect(world.warnings).toContainEqual(expect.stringContaining("no longer answered and was killed"));
}, 60_000);

test("it does so beside runs that have much more time, which are abandoned and use no attempt", async () => {
  await using world = await openWorld([stuck]);
  const { database } = world.db;
  await database.query(
    "update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 hour' where processor = 'burner'",
  );
  const supervisor = supervise(world);

  await supervisor.start();
  try {
    // It has told of its neighbor, and of nothing that ends sooner.
    await expect.poll(() => supervisor.runners[0]?.running, { timeout: 45_000, interval: 50 }).toBe(1);
    const burner = await findOutput(database, "prod", "burner", "all");
    await requestTask(database, {
      outputId: burner?.id ?? 0,
      forced: false,
      fromArchive: false,
      traceparent: "",
    });
    await untilComplete(world, "burner");
    await untilComplete(world, "neighbor");
  } finally {
    await supervisor.stop(0);
  }

  expect(await readOutcomes(database, "burner")).toEqual(["timeout / hard", "success"]);
  expect(await readOutcomes(database, "neighbor")).toEqual(["error / abandoned", "success"]);
  expect((await readRuns(database, "neighbor")).map((run) => run.attempt_used)).toEqual([false, true]);
}, 120_000);

test("a runner that was killed by somebody else is told of with its process and the signal", async () => {
  await using world = await openWorld([stuck]);
  const supervisor = supervise(world);

  await supervisor.start();
  try {
    await expect.poll(() => supervisor.runners[0]?.worker, { timeout: 45_000, interval: 50 }).toBeDefined();
    const pid = supervisor.runners[0]?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await expect
      .poll(() => world.warnings, { timeout: 45_000, interval: 50 })
      .toContain(
        `runner ${pid} was ended by SIGKILL: what it ran may be a poison pill, and runs next in isolation`,
      );
  } finally {
    await supervisor.stop(0);
  }
}, 60_000);

test("a runner that hangs while it loads its configuration is killed, and the next one works", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headworks-hanging-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.stubEnv("HANGS_UNLESS_THERE", join(folder, "loaded-once"));
  onTestFinished(() => void vi.unstubAllEnvs());
  await using world = await openWorld([quick]);
  const hanging = fileURLToPath(new URL("../../testing/engine-hanging.config.ts", import.meta.url));
  const supervisor = supervise(world, hanging, 8_000);

  await supervisor.start();
  try {
    await untilComplete(world, "quick");
  } finally {
    await supervisor.stop(0);
  }

  expect(world.warnings).toContainEqual(expect.stringContaining("hung while it loaded the configuration"));
}, 60_000);
