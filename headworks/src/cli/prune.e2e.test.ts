// Tests of `headworks prune` as people call it: it tells first what would go, and removes just that.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { weekOf } from "../domain/retention.ts";
import { createTestDatabase } from "../testing/database.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand, SEASON } from "./command.fixture.ts";

test("a dry run tells what would go and changes nothing; then it goes, and who did it is in the audit log", async () => {
  await using db = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "headworks-prune-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const on = ["--config", SEASON, "--data-dir", folder, "--database-url", db.url];
  const week = new Date(weekOf(Date.now() - 50 * 86_400_000)).toISOString().slice(0, 10);
  const name = `run_logs_${week.replaceAll("-", "")}`;
  await db.database.query(`
    select headworks.make_week('run_logs', '${week}');
    insert into headworks.run_logs (run_id, seq, at, severity, message)
      select gen_random_uuid(), 1, now() - interval '50 days', 'INFO', 'old' from generate_series(1, 10);
    insert into headworks.run_metrics (run_id, name, labels, value, at)
      select gen_random_uuid(), 'n', '{}', 1, now() - interval '400 days' from generate_series(1, 2500);
    insert into headworks.events (kind, subject, message, at) values
      ('a', 'old', '', now() - interval '181 days'), ('a', 'young', '', now() - interval '179 days')`);

  const told = await runCommand(["prune", "--dry-run", "--json", ...on]);
  expect(told).toMatchObject({ code: 0, stderr: "" });
  const expected = {
    items: expect.arrayContaining([
      { table: "tasks", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "runs", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "run_logs", partitions: [name], bytes: expect.any(Number), rows: 0, files: 0 },
      { table: "run_metrics", partitions: [], bytes: 0, rows: 2500, files: 0 },
      { table: "rejected_rows", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "failures", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "redrives", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "events", partitions: [], bytes: 0, rows: 1, files: 0 },
      { table: "audit_log", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "raw_documents", partitions: [], bytes: 0, rows: 0, files: 0 },
      { table: "artifacts", partitions: [], bytes: 0, rows: 0, files: 0 },
    ]),
  };
  expect(JSON.parse(told.stdout)).toEqual(expected);
  expect(await readNumber(db.database, "select count(*) from headworks.run_logs")).toBe(10);

  const done = await runCommand(["prune", "--json", ...on]);
  expect(JSON.parse(done.stdout)).toEqual(expected);
  for (const table of ["run_logs", "run_metrics"])
    expect(await readNumber(db.database, `select count(*) from headworks.${table}`)).toBe(0);
  const events = await db.database.query("select kind, subject from headworks.events order by id");
  expect(events.rows).toEqual([
    { kind: "a", subject: "young" },
    { kind: "retention.dropped", subject: "run_logs" },
  ]);
  const audit = await db.database.query(
    "select subject, details -> 'rows' as rows from headworks.audit_log where action = 'retention.prune' order by id",
  );
  expect(audit.rows).toEqual([
    { subject: "run_logs", rows: 0 },
    ...[1_000, 1_000, 500].map((rows) => ({ subject: "run_metrics", rows })),
    { subject: "events", rows: 1 },
  ]);

  expect(await runCommand(["prune", ...on])).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "nothing is older than its age\n",
  });
});
