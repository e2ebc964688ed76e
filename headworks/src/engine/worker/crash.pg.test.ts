// Tests of processes that die: their tasks are taken over, the poison pill runs alone, and its neighbors lose nothing.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { openWorld, startEngine } from "../../testing/engine.ts";
import { crashPipeline, NEIGHBORS } from "../../testing/engine-crash.pipeline.ts";
import { readLedger, readNumber, readOutcomes, readRuns } from "../../testing/engine-ledger.ts";

const FIXTURE = new URL("../../testing/engine-crash.fixture.ts", import.meta.url);

function startProcess(db: TestDatabase, ...modes: string[]): ChildProcess {
  return fork(FIXTURE, [db.url, ...modes], {
    execArgv: ["--conditions=headworks-source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

test("after kill -9 everything runs again, one at a time, and no attempt is lost by it", async () => {
  await using db = await createTestDatabase();
  const child = startProcess(db, "hang");
  await once(child, "message");
  expect(await readNumber(db.database, "select count(*) from headworks.tasks where state = 'running'")).toBe(
    NEIGHBORS + 1,
  );
  child.kill("SIGKILL");
  await once(child, "exit");

  let atOnce = 0;
  let most = 0;
  const alone = async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
  };
  const pipeline = crashPipeline({ onNeighbor: alone, onKiller: alone });
  await using engine = await startEngine([pipeline], { database: db });
  await engine.untilSettled();

  expect(new Set(Object.values(await engine.ledger()))).toEqual(new Set(["complete"]));
  expect(most).toBe(1);
  expect(await readOutcomes(db.database, "killer")).toEqual(["error / crashed", "success"]);
  const runs = await readRuns(db.database);
  expect(runs.map(({ attempt, attempt_used }) => `${attempt} ${attempt_used}`).sort()).toEqual(
    [...Array(NEIGHBORS + 1).fill("1 false"), ...Array(NEIGHBORS + 1).fill("2 true")].sort(),
  );
});

test("a task that kills its process fails after three deaths alone; its neighbors complete", async () => {
  await using db = await createTestDatabase();
  const ends: string[] = [];

  while (ends.at(-1) !== "settled" && ends.length < 10) {
    const child = startProcess(db, "kill", ends.length === 0 ? "first" : "later");
    ends.push(
      await Promise.race([
        once(child, "message", { signal: AbortSignal.timeout(60_000) }).then(async ([message]) => {
          if (message === "settled") return "settled";
          await once(child, "exit");
          return "killed";
        }),
        once(child, "exit").then(() => "killed"),
      ]),
    );
  }

  expect(ends).toEqual(["killed", "killed", "killed", "killed", "settled"]);
  expect(await readLedger(db.database)).toEqual({
    "killer[all]": "failed / failed",
    "neighbors[2024-01-01]": "complete",
    "neighbors[2024-01-02]": "complete",
    "neighbors[2024-01-03]": "complete",
  });
  const killer = (await readRuns(db.database, "killer")).map(
    (run) => `${run.outcome} / ${run.reason}, used: ${run.attempt_used}`,
  );
  expect(killer).toEqual([
    "error / crashed, used: false",
    "error / crashed, used: true",
    "error / crashed, used: true",
    "error / crashed, used: true",
  ]);
  const neighbors = await readRuns(db.database, "neighbors");
  expect(neighbors.filter((run) => run.attempt_used)).toHaveLength(NEIGHBORS);
}, 60_000);

test("an engine whose own lease has run out renews it before it takes over anybody's work", async () => {
  const open = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const pipeline = crashPipeline({
    onNeighbor: async () => undefined,
    async onKiller() {
      started.resolve();
      await open.promise;
    },
  });
  await using engine = await startEngine([pipeline]);
  await started.promise;
  const { database } = engine.db;

  await database.query("update headworks.workers set lease_expires_at = now() - interval '1 hour'");
  const renewed = "select count(*) from headworks.workers where lease_expires_at > now()";
  await expect.poll(() => readNumber(database, renewed), { timeout: 10_000 }).toBe(1);
  open.resolve();
  await engine.untilSettled();

  expect(await readOutcomes(database, "killer")).toEqual(["success"]);
});

test("a worker that was taken over abandons what it ran, and goes on under another name", async () => {
  const started = Promise.withResolvers<void>();
  const pipeline = crashPipeline({
    onNeighbor: async () => undefined,
    async onKiller(attempt, signal) {
      if (attempt > 1) return;
      started.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  await using engine = await startEngine([pipeline]);
  await started.promise;
  const { database } = engine.db;

  // As another process's rescuer leaves it.
  await database.query("delete from headworks.workers");
  await database.query(
    "update headworks.tasks set state = 'ready', worker_id = null, run_id = null, claimed_at = null where state = 'running'",
  );
  await engine.untilRun("killer", "all", ({ settlement }) => settlement.outcome === "success");

  expect(await readOutcomes(database, "killer")).toEqual(["error / lease_lost", "success"]);
  expect(await readNumber(database, "select count(*) from headworks.workers")).toBe(1);
});

test("a killed engine that held nothing leaves nothing to rescue", async () => {
  await using world = await openWorld([
    crashPipeline({ onNeighbor: async () => undefined, onKiller: async () => undefined }),
  ]);
  const { database } = world.db;
  await database.query(
    "insert into headworks.workers (id, namespace, host, process_key, code_version, concurrency, lease_expires_at) values (gen_random_uuid(), 'prod', 'h', 'k', 'v1', 1, now() - interval '1 hour')",
  );

  await using engine = await startEngine(
    [crashPipeline({ onNeighbor: async () => undefined, onKiller: async () => undefined })],
    { database: world.db },
  );
  await engine.untilSettled();

  expect(await readNumber(database, "select count(*) from headworks.workers")).toBe(1);
  expect((await readRuns(database)).map((run) => run.outcome)).toEqual(Array(NEIGHBORS + 1).fill("success"));
});
