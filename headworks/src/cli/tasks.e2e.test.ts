// Tasks by the command line: added for later and once, listed, prioritized and canceled.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { openWorld, pipelineOf } from "../testing/engine.ts";
import { runCommand } from "./command.fixture.ts";

const three = daily({ start: "2026-01-01", end: "2026-01-03" });

test("adds tasks for later, once for each key; prioritizes, cancels and lists them", async () => {
  const days = processor("days", { phase: "all", partitions: three, run: () => undefined });
  await using world = await openWorld([pipelineOf(days)]);
  const { database, url } = world.db;
  const tasks = (...args: string[]) => runCommand(["tasks", ...args, "--database-url", url]);

  const later = ["--delay", "10m", "--every", "60s", "--expires-after", "2h", "--dedupe-key", "morning"];
  const added = await tasks("add", "days", "2026-01-02", "2026-01-01", ...later);
  expect(added).toMatchObject({ code: 0, stderr: "" });
  expect(added.stdout).toMatch(/^2026-01-02 {2}scheduled .*\n2026-01-01 {2}scheduled .*\n$/m);
  const again = await tasks("add", "days", "2026-01-03", ...later);
  expect(again).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("the key morning") });
  const prioritized = await tasks("prioritize", "days", "2026-01-03", "--priority", "0");
  expect(prioritized.stderr).toBe("days: the priority of 1 task is 0\n");
  const cancelled = await tasks("cancel", "days", "2026-01-01");
  expect(cancelled.stderr).toBe("days: 1 of 1 canceled, 1 waived\n");

  const listed = JSON.parse((await tasks("list", "--json")).stdout);
  expect(listed).toMatchObject({
    items: [
      {
        partition: "2026-01-02",
        state: "scheduled",
        expires_at: expect.any(String),
        priority_by_hand: false,
      },
      { partition: "2026-01-03", state: "ready", expires_at: null, priority: 0, priority_by_hand: true },
    ],
    next_cursor: null,
  });
  const page = await tasks("list", "--limit", "1");
  expect(page.stdout).toMatch(/^days {7}2026-01-02 {2}default {2}scheduled /m);
  const cursor = /^there are more: --cursor (\S+)$/m.exec(page.stderr)?.[1] ?? "";
  const next = await tasks("list", "--limit", "1", "--cursor", cursor);
  expect(next.stdout).toMatch(/^days {7}2026-01-03 {2}default {2}ready /m);
  expect(next.stderr).toBe("");
  const unknown = await tasks("add", "days", "2026-02-01");
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("the ledger has no days[2026-02-01]");
  expect(unknown.stderr).toContain("`headworks run` plans one that the processor covers");
  const audit = await database.query("select action, subject from headworks.audit_log order by id");
  expect(audit.rows).toEqual(
    ["tasks.add", "tasks.add", "tasks.prioritize", "tasks.cancel"].map((action) => ({
      action,
      subject: "days",
    })),
  );
}, 120_000);
