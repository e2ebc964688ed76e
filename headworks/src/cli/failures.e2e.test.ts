// Failed tasks by the command line: listed by what they have in common, retried, resolved until they come back, ignored.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { eager, pipelineOf, startEngine } from "../testing/engine.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand, startCommand } from "./command.fixture.ts";

const threeDays = daily({ start: "2026-01-01", end: "2026-01-03" });

test("groups what failed alike, retries it when that is confirmed, and opens a resolved failure that comes back", async () => {
  const broken = processor("broken", {
    phase: "all",
    partitions: threeDays,
    queue: eager,
    run: (ctx) => Promise.reject(new Error(`no row of ${ctx.partition}`)),
  });
  const other = processor("other", {
    phase: "all",
    queue: eager,
    run: () => Promise.reject(new TypeError("odd")),
  });
  await using engine = await startEngine([pipelineOf(broken, other)]);
  const { database, url } = engine.db;
  const failed = (...args: string[]) => runCommand(["failures", ...args, "--database-url", url]);
  await engine.untilSettled();
  await engine.stop();

  const listed = JSON.parse((await failed("list", "--json")).stdout) as { items: { fingerprint: string }[] };
  expect(listed.items).toMatchObject([
    { state: "open", tasks: 3, count: 3, processors: ["broken"], outcome: "error", reason: "thrown" },
    { state: "open", tasks: 1, processors: ["other"], error: "odd" },
  ]);
  const fingerprint = listed.items[0]?.fingerprint ?? "";
  const filtered = JSON.parse((await failed("list", "--text", "ODD", "--since", "1d", "--json")).stdout);
  expect(filtered.items).toMatchObject([{ processors: ["other"] }]);
  expect((await failed("list", "--until", "1d")).stdout).toBe("no failed task matches\n");
  const first = JSON.parse((await failed("list", "--limit", "1", "--json")).stdout);
  expect(first.items).toEqual(listed.items.slice(0, 1));
  const rest = JSON.parse((await failed("list", "--cursor", first.next_cursor, "--json")).stdout);
  expect(rest).toEqual({ items: listed.items.slice(1), next_cursor: null });
  const shown = await failed("show", fingerprint.slice(0, 8));
  expect(shown.stdout).toMatch(/^broken +2026-01-03 .* error \/ thrown: no row of 2026-01-03$/m);
  expect(shown.stdout).toMatch(/^attempts$/m);
  expect(shown.stderr).toContain(`→ headworks failures retry ${fingerprint.slice(0, 8)}`);

  expect(await failed("retry")).toMatchObject({ code: 2, stderr: expect.stringContaining("--all") });
  const refused = await failed("retry", fingerprint);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("3 tasks would be run again") });
  const one = await failed("retry", "--processor", "broken", "--partition", "2026-01-02", "--json");
  expect(JSON.parse(one.stdout)).toEqual({ retried: 1, redrive: null, state: "done", outputs: null });
  const others = await failed("retry", fingerprint.slice(0, 10), "--yes");
  expect(others.stderr).toBe("2 tasks ready: `headworks status`\n");
  const ready = "select count(*) from headworks.tasks where state = 'ready' and attempts_used = 0";
  expect(await readNumber(database, ready)).toBe(3);
  const reopened =
    "select count(*) from headworks.outputs where status = 'expected' and processor = 'broken'";
  expect(await readNumber(database, reopened)).toBe(3);

  expect((await failed("resolve", fingerprint, "--note", "fixed")).code).toBe(0);
  expect(await failed("ignore", fingerprint, "--until", "2d")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("FAILURE_STATE"),
  });
  const redrives = await failed("redrives");
  expect(redrives.stdout).toMatch(/^ +1 +done +2 of 2 .* fingerprint [0-9a-f]{16}$/m);
  expect(await failed("cancel", "1")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("REDRIVE_OVER"),
  });
  expect((await failed("cancel", "9")).stderr).toContain("REDRIVE_UNKNOWN");
  const second = listed.items[1]?.fingerprint ?? "";
  expect((await failed("ignore", second, "--until", "2d", "--note", "known")).code).toBe(0);
  await using again = await startEngine([pipelineOf(broken, other)], { database: engine.db });
  await again.untilSettled();
  const states = JSON.parse((await failed("list", "--json")).stdout);
  expect(states.items).toMatchObject([
    { state: "open", tasks: 3, count: 6, note: "fixed" },
    { state: "ignored", tasks: 1, count: 1, note: "known" },
  ]);
  const audit = await database.query("select action from headworks.audit_log order by id");
  expect(audit.rows.map((row) => row.action)).toEqual([
    "failures.retry",
    "failures.retry",
    "failures.resolve",
    "failures.ignore",
  ]);
}, 240_000);

test("a redrive has a rate, goes on without whoever began it, and is cancelled; a failure is ignored until it comes too often", async () => {
  const many = daily({ start: "2025-01-01", end: "2025-02-09" });
  const broken = processor("broken", {
    phase: "all",
    partitions: many,
    queue: queue("once", { maxAttempts: 1 }),
    run: () => Promise.reject(new Error("down")),
  });
  await using engine = await startEngine([pipelineOf(broken)]);
  const { database, url } = engine.db;
  const failed = (...args: string[]) => runCommand(["failures", ...args, "--database-url", url]);
  await engine.untilSettled();
  await engine.stop();

  await using slow = startCommand([
    "failures",
    "retry",
    "--all",
    "--yes",
    "--rate",
    "1",
    "--database-url",
    url,
  ]);
  await slow.said("headworks failures cancel 1 stops it");
  slow.signal("SIGINT");
  const left = await slow.ended;
  expect(left).toMatchObject({ code: 130, stderr: expect.stringContaining("a fleet goes on with the rest") });
  const cancelled = JSON.parse((await failed("cancel", "1", "--json")).stdout);
  expect(cancelled).toMatchObject({ id: 1, state: "cancelled", tasks: 40 });
  expect(cancelled.retried).toBeGreaterThan(0);
  expect(cancelled.retried).toBeLessThan(40);

  const fingerprint = JSON.parse((await failed("list", "--json")).stdout).items[0].fingerprint;
  expect((await failed("ignore", fingerprint)).stderr).toContain("give --until, --above, or both");
  const ignored = await failed("ignore", fingerprint, "--above", "45");
  expect(ignored.stderr).toBe(
    `${fingerprint} is ignored while no more than 45 tasks fail with it in an hour\n`,
  );
  const stateOf = async () => (await database.query("select state from headworks.failures")).rows[0]?.state;
  const failAgain = async () => {
    await failed("retry", "--all", "--yes");
    await using again = await startEngine([pipelineOf(broken)], { database: engine.db });
    await again.untilSettled();
  };
  await failAgain();
  expect(await stateOf()).toBe("ignored");
  await failAgain();
  expect(await stateOf()).toBe("open");
}, 240_000);

test("a failed task is retried from an earlier stage on, when that is one", async () => {
  const raw = processor("raw", { phase: "all", run: () => undefined });
  const table = processor("table", { phase: "all", needs: [raw], run: () => undefined });
  const report = processor("report", {
    phase: "all",
    needs: [table],
    queue: queue("once", { maxAttempts: 1 }),
    run: () => Promise.reject(new Error("the table is wrong")),
  });
  await using engine = await startEngine([pipelineOf(raw, table, report)]);
  const { database, url } = engine.db;
  const retry = (...args: string[]) =>
    runCommand(["failures", "retry", "--all", ...args, "--database-url", url]);
  await engine.untilSettled();
  await engine.stop();

  expect(await retry("--from", "rwa", "--yes")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/need nothing of rwa.*\n.*raw, table.*NOT_UPSTREAM/),
  });
  expect((await retry("--from", "raw", "--rate", "1")).stderr).toContain("--from can't be combined");
  expect((await retry("--from", "raw")).stderr).toContain("3 outputs would be run again");
  const done = await retry("--from", "raw", "--yes");
  expect(done.stderr).toBe("3 outputs run again, for 1 failed task: `headworks status`\n");

  const ready = "select string_agg(processor || ' ' || state || ' ' || forced, ',') from headworks.tasks";
  expect((await database.query(ready)).rows).toEqual([{ string_agg: "raw ready true" }]);
  const audit = "select details ->> 'from' as stage from headworks.audit_log where action = 'failures.retry'";
  expect((await database.query(audit)).rows).toEqual([{ stage: "raw" }]);
}, 120_000);
