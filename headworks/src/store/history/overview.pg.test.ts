import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { writeOutput, writeProcessors, writeRun } from "../ledger/ledger.fixture.ts";
import { listQueues } from "../queue/queues.ts";
import {
  countByProcessor,
  countEndedRuns,
  countOpenTasks,
  firstRunId,
  listProblems,
  readServer,
} from "./overview.ts";

const RAW = { name: "box_scores", phase: "raw", criticality: "critical" };
const DERIVED = { name: "standings", phase: "analytics" };

test("counts each output under exactly one status, and overdue ones on top", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW, DERIVED);
  const put = (partition: string, more: object) =>
    writeOutput(database, { processor: "box_scores", partition, ...more });
  await put("01", { status: "complete" });
  await put("02", { status: "empty", vouchedBy: "nobody" });
  await put("03", {
    status: "degraded",
    task: { state: "waiting", outcome: "validation_failed" },
    expectedBy: "now() - interval '1 minute'",
  });
  await put("04", { status: "failed", task: { state: "failed" } });
  await put("05", { status: "waived" });
  await put("06", { task: { state: "running" } });
  await put("07", { task: { state: "waiting", outcome: "dependency_missing" } });
  await put("08", { task: { state: "scheduled", outcome: "error" } });
  await put("09", { task: { state: "ready" } });
  await put("10", { expectedBy: "now() - interval '1 minute'" });
  await put("11", { opensAt: "now() + interval '1 day'", task: { state: "scheduled" } });

  const counts = await countByProcessor(database, "prod");

  expect(counts).toEqual([
    {
      ...{
        pipeline: "league",
        phase: "raw",
        phase_index: 0,
        processor: "box_scores",
        criticality: "critical",
      },
      ...{ expected: 10, complete: 1, empty: 1, degraded: 1, failed: 1, waived: 1 },
      ...{ running: 1, waiting: 2, queued: 1, blocked: 1, overdue: 2, unvouched: 1 },
    },
    expect.objectContaining({ processor: "standings", expected: 0, blocked: 0, overdue: 0 }),
  ]);
});

test("groups problems whose messages differ in numbers only, with the latest as the example", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW);
  for (const day of ["2026-01-14", "2026-01-15"]) {
    const task = {
      state: "failed",
      outcome: "error",
      reason: "thrown",
      error: `GET /games/${day.slice(-2)} answered 500`,
    };
    await writeOutput(database, { processor: "box_scores", partition: day, status: "failed", task });
  }
  const other = { state: "failed", outcome: "timeout", reason: "hard", error: "no end after 30m" };
  await writeOutput(database, {
    processor: "box_scores",
    partition: "2026-01-16",
    status: "failed",
    task: other,
  });

  const problems = await listProblems(database, "prod", 10);

  expect(problems).toMatchObject([
    {
      kind: "failed",
      outcome: "error",
      outputs: 2,
      partition: "2026-01-15",
      message: "GET /games/15 answered 500",
      given_up: 2,
    },
    { kind: "failed", outcome: "timeout", outputs: 1, partition: "2026-01-16" },
  ]);
});

test("tells how many outputs a problem holds up, near and far, each once", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW, DERIVED, { name: "page", phase: "publish" });
  const failed = (partition: string) =>
    writeOutput(database, {
      processor: "box_scores",
      partition,
      status: "failed",
      task: { state: "failed", outcome: "error" },
    });
  const [first, second] = [await failed("01"), await failed("02")];
  const standings = await writeOutput(database, {
    processor: "standings",
    partition: "all",
    needs: [{ id: first }, { id: second }],
  });
  await writeOutput(database, { processor: "page", partition: "all", needs: [{ id: standings }] });
  await writeOutput(database, {
    processor: "page",
    partition: "other",
    needs: [{ id: first }],
    task: { state: "ready" },
  });

  const problems = await listProblems(database, "prod", 10);

  expect(problems).toMatchObject([{ processor: "box_scores", outputs: 2, blocks: 2 }]);
});

test("an overdue output that waits for another problem is no cause; one that waits for what goes well is", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW, DERIVED);
  const expectedBy = "now() - interval '1 minute'";
  const failed = await writeOutput(database, {
    processor: "box_scores",
    partition: "01",
    status: "failed",
    task: { state: "failed", outcome: "error" },
  });
  const running = await writeOutput(database, {
    processor: "box_scores",
    partition: "02",
    task: { state: "running" },
  });
  await writeOutput(database, {
    processor: "standings",
    partition: "01",
    expectedBy,
    needs: [{ id: failed }],
  });
  const second = await writeOutput(database, {
    processor: "standings",
    partition: "02",
    expectedBy,
    needs: [{ id: running }],
  });
  await writeOutput(database, {
    processor: "standings",
    partition: "03",
    expectedBy,
    needs: [{ id: second }],
  });

  const problems = await listProblems(database, "prod", 10);

  expect(problems).toMatchObject([
    { kind: "failed", processor: "box_scores", partition: "01", blocks: 1 },
    { kind: "blocked", processor: "standings", partition: "02", outputs: 1, overdue: 1 },
  ]);
});

test("lists running and queued outputs only when they are overdue", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW);
  const overdue = "now() - interval '1 minute'";
  await writeOutput(database, { processor: "box_scores", partition: "01", task: { state: "ready" } });
  await writeOutput(database, {
    processor: "box_scores",
    partition: "02",
    task: { state: "ready" },
    expectedBy: overdue,
  });
  await writeOutput(database, {
    processor: "box_scores",
    partition: "03",
    task: { state: "running" },
    expectedBy: overdue,
  });

  const problems = await listProblems(database, "prod", 10);

  expect(problems.map(({ kind, partition, overdue: amount }) => ({ kind, partition, amount }))).toEqual([
    { kind: "queued", partition: "02", amount: 1 },
    { kind: "running", partition: "03", amount: 1 },
  ]);
});

test("the work that is left leaves out what failed and what isn't open yet", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW);
  await writeOutput(database, { processor: "box_scores", partition: "01", task: { state: "ready" } });
  await writeOutput(database, {
    processor: "box_scores",
    partition: "02",
    status: "failed",
    task: { state: "failed" },
  });
  await writeOutput(database, {
    processor: "box_scores",
    partition: "03",
    opensAt: "now() + interval '1 day'",
    task: { state: "scheduled" },
  });

  expect(await countOpenTasks(database, "prod")).toBe(1);
  expect(await listQueues(database)).toMatchObject([
    { name: "default", ready: 1, failed: 1, scheduled: 1, running: 0 },
  ]);
});

test("counts the runs that ended since a moment, by the time in their ids", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await writeProcessors(database, RAW);
  const output = await writeOutput(database, { processor: "box_scores", partition: "01" });
  const now = Date.now();
  const run = { outputId: output, processor: "box_scores", partition: "01", outcome: "success" };
  await writeRun(database, { ...run, id: firstRunId(now + 1) });
  await writeRun(database, {
    ...run,
    id: firstRunId(now - 60_000),
    claimedAt: "now() - interval '1 minute'",
  });

  expect(await countEndedRuns(database, "prod", now)).toBe(1);
  expect(await countEndedRuns(database, "prod", now - 120_000)).toBe(2);
  expect(await countEndedRuns(database, "prod", now - 120_000, now - 30_000)).toBe(1);
});

test("reads what a doctor asks of the server", async () => {
  await using db = await createTestDatabase();

  const facts = await readServer(db.database);

  expect(facts.major).toBeGreaterThanOrEqual(15);
  expect(facts.synchronous_commit).toBe("on");
  expect(Date.parse(facts.now)).not.toBeNaN();
});
