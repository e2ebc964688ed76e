import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { runCommand, SEASON, startCommand } from "./command.fixture.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "headworks-cli-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const onDatabase = (url: string) => ["--config", SEASON, "--data-dir", dataDir, "--database-url", url];
const COMPLETE_START = ["start", "--until-settled", "--apply-datasets"];

test("runs everything to its end and exits 0; the other commands tell of it in stable JSON", async () => {
  await using db = await createTestDatabase();
  const options = onDatabase(db.url);

  const started = await runCommand([...COMPLETE_START, "--json", ...options]);

  expect(started).toMatchObject({ code: 0 });
  expect(JSON.parse(started.stdout)).toMatchObject({
    runs: 7,
    elapsed_ms: expect.any(Number),
    runs_per_second: expect.any(Number),
    health: { verdict: "good", complete: true, totals: { expected: 7, complete: 5, empty: 2 } },
  });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand([...args, "--json", ...options]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  expect(await json("health")).toMatchObject({
    verdict: "good",
    headline: "all 7 expected outputs are there: 5 complete, 2 empty",
    phases: [
      { pipeline: "season", phase: "reference", expected: 3 },
      { phase: "raw" },
      { phase: "analytics" },
    ],
    reasons: [],
    notes: [],
  });
  expect(await json("status")).toMatchObject({
    processors: [
      { processor: "schedule", complete: 2, empty: 1 },
      { processor: "box_scores" },
      { processor: "standings" },
    ],
    running: [],
    queues: [{ name: "default", ready: 0 }, { name: "once" }],
    workers: [],
  });
  expect(await json("outputs", "list", "--processor", "schedule", "--limit", "1")).toMatchObject({
    items: [{ processor: "schedule", partition: "2026-01-03", status: "complete", records: 2 }],
    next_cursor: expect.any(String),
  });
  const runs = await json("runs", "list", "--processor", "schedule", "--partition", "2026-01-01");
  expect(runs).toMatchObject({ items: [{ outcome: "success", rows_inserted: 2 }], next_cursor: null });
  expect(await json("runs", "show", runs.items[0].id.slice(0, 30))).toMatchObject({
    output: { processor: "schedule", partition: "2026-01-01", status: "complete" },
    run: { id: runs.items[0].id, attempt: 1, outcome: "success", rows_inserted: 2 },
    metrics: [{ name: "games", labels: { season: "2025-26" }, value: 2 }],
    logs: [{ message: "games found", severity: "INFO" }],
    needed_by: [{ processor: "box_scores", partition: "2026-01-01", status: "complete" }],
    attempts: [{ outcome: "success" }],
  });
  expect(await json("logs", "--partition", "2026-01-03", "--field", "games=2")).toMatchObject({
    message: "games found",
    processor: "schedule",
    fields: { games: 2 },
  });
});

test("shows the same to people, as plain text where there is no terminal", async () => {
  await using db = await createTestDatabase();

  const { code, stdout, stderr } = await runCommand([...COMPLETE_START, ...onDatabase(db.url)]);

  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "✓ all 7 expected outputs are there: 5 complete, 2 empty

    phase      expected  complete  empty  degraded  overdue  failed  waiting  running
    reference         3         2      1         ·        ·       ·        ·        ·
    raw               3         2      1         ·        ·       ·        ·        ·
    analytics         1         1      ·         ·        ·       ·        ·        ·
    "
  `);
  expect(stderr).toMatch(/^dataset games: create table prod\.games/m);
  expect(stderr).toMatch(/^reference 3\/3 · raw 3\/3 · analytics 1\/1 · 7\/7 outputs · /m);
  expect(stderr).toMatch(/^settled: 7 runs in /m);
  expect(stdout + stderr).not.toContain("\u001b");
});

test("exits 1 when something failed; health names it, and a run by hand fixes it and all that waited", async () => {
  await using db = await createTestDatabase();
  const options = onDatabase(db.url);

  const started = await runCommand([...COMPLETE_START, ...options], { env: { SEASON_FAULT: "throws" } });
  const health = await runCommand(["health", ...options]);
  const fixed = await runCommand(["run", "box_scores", "--partition", "2026-01-03", ...options]);
  const again = await runCommand([...COMPLETE_START, ...options]);

  expect(started.code).toBe(1);
  expect(health.code).toBe(1);
  expect(health.stdout).toContain("✗ 1 of 7 expected outputs is wrong: 1 failed; 1 waits for a dependency");
  expect(health.stdout).toContain("● box_scores[2026-01-03]  error / thrown · failed");
  expect(health.stdout).toContain(
    "the page has changed at line 7\n    → headworks runs show box_scores 2026-01-03",
  );
  expect(fixed).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("now ready: standings[all]; `headworks start` runs"),
  });
  expect(fixed.stdout).toContain("box_scores[2026-01-03]  complete");
  expect(again.code).toBe(0);
});

test("refuses while the datasets' tables aren't what the configuration says, until they are migrated", async () => {
  await using db = await createTestDatabase();
  const options = onDatabase(db.url);

  const refused = await runCommand(["start", "--until-settled", ...options]);
  const planned = await runCommand(["migrate", "--datasets", "--plan", ...options]);
  const migrated = await runCommand(["migrate", "--datasets", "--json", ...options]);
  const upToDate = await runCommand(["migrate", "--datasets", ...options]);

  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/DATASETS_PENDING/);
  expect(planned.stdout).toContain("safe   games: create table prod.games (game_id text, day text)");
  expect(JSON.parse(migrated.stdout)).toMatchObject({
    migrations: [],
    applied: true,
    datasets: [
      { dataset: "games", safe: true, sql: expect.any(Array) },
      { dataset: "scores" },
      { dataset: "standings" },
    ],
  });
  expect(upToDate.stdout).toBe("everything is up to date\n");
});

test("changes nothing that can lose data before somebody says yes", async () => {
  await using db = await createTestDatabase();
  const options = onDatabase(db.url);
  await runCommand(["migrate", "--datasets", ...options]);
  await db.database.query("alter table prod.games add column note text");
  await db.database.query(
    "insert into prod.games (game_id, day, _processor, _partition, _run, _row_hash) values ('1', 'x', 'schedule', 'x', gen_random_uuid(), '\\x00')",
  );

  const refused = await runCommand(["start", "--apply-datasets", ...options]);
  const unconfirmed = await runCommand(["migrate", "--datasets", ...options]);
  const confirmed = await runCommand(["migrate", "--datasets", "--yes", ...options]);

  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("DATASETS_UNSAFE") });
  expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining("NOT_CONFIRMED") });
  expect(unconfirmed.stdout).toContain("UNSAFE games: drop column note");
  expect(confirmed).toMatchObject({ code: 0, stdout: expect.stringContaining("applied 1 change") });
});

test("runs by the workers that are there, and waits for the result", async () => {
  await using db = await createTestDatabase();
  const options = onDatabase(db.url);
  await using fleet = startCommand(["start", "--apply-datasets", ...options]);
  await fleet.said("all 7 expected outputs are there");

  const forced = await runCommand([
    "run",
    "schedule",
    "--partition",
    "2026-01-01",
    "--force",
    "--json",
    ...options,
  ]);
  fleet.signal("SIGTERM");

  expect(forced.code).toBe(0);
  const { run, attempts } = JSON.parse(forced.stdout);
  expect(run).toMatchObject({ outcome: "success", rows_unchanged: 2 });
  expect(new Set(attempts.map((attempt: { worker_id: string }) => attempt.worker_id)).size).toBe(1);
  expect((await fleet.ended).code).toBe(0);
});
