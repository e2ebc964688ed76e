// Tests of what is told of duties that fail: lines of the log, events, and the rows that health reads.

import { expect, test } from "vitest";
import { HeadworksError } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { forgetGoneHosts, listDutyFailures } from "../../store/history/duties.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { DutyReports } from "./reports.ts";

const MINUTE = 60_000;

function reporting(database: Database) {
  const lines: string[] = [];
  const clock = { ms: 0 };
  const reports = new DutyReports({
    database,
    log: { info: (line) => void lines.push(line), warn: (line) => void lines.push(line) },
    redact: (text) => text.replaceAll("hunter2", "[redacted]"),
    monotonicMs: () => clock.ms,
  });
  return { reports, lines, clock };
}

async function eventsOf(database: Database): Promise<string[]> {
  const { rows } = await database.query("select kind, subject from headworks.events order by at, id");
  return rows.map(({ kind, subject }) => `${kind} ${subject}`);
}

test("a duty that fails all day is told of at growing distances, in one event, and as long as it lasts in the database", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const { reports, lines, clock } = reporting(database);

  for (; clock.ms < 24 * 60 * MINUTE; clock.ms += MINUTE) {
    await reports.failed("finishing files", new Error(`EACCES at ${clock.ms / MINUTE}, with hunter2`));
  }

  expect(lines[0]).toBe("finishing files failed and is tried again: EACCES at 0, with [redacted]");
  expect(lines[1]).toBe(
    "finishing files failed (2 times in a row) and is tried again: EACCES at 1, with [redacted]",
  );
  // At 0, 1, 3, 7, 15, 31 and 63 minutes, then each hour.
  expect(lines).toHaveLength(29);
  expect(await eventsOf(database)).toEqual(["duty.failed finishing files"]);
  const [failure, ...others] = await listDutyFailures(database);
  expect(others).toEqual([]);
  expect(failure).toMatchObject({ duty: "finishing files", hint: null });
  expect(failure?.error).toMatch(/^EACCES at 1\d\d\d, with \[redacted\]$/);
  expect(Date.parse(failure?.failed_at ?? "")).toBeGreaterThan(Date.parse(failure?.since ?? ""));
});

test("once it works again that is told, and nothing is left of it", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const { reports, lines } = reporting(database);
  const full = new HeadworksError({ code: "BACKUP_UNWRITABLE", message: "full", hint: "free some space" });
  await reports.failed("scheduled backups", full);
  expect(await listDutyFailures(database)).toMatchObject([{ error: "full", hint: "free some space" }]);

  await reports.succeeded("scheduled backups");
  await reports.succeeded("scheduled backups");

  expect(lines).toEqual([
    "scheduled backups failed and is tried again: full",
    "scheduled backups works again, after 1 failures",
  ]);
  expect(await listDutyFailures(database)).toEqual([]);
  expect(await eventsOf(database)).toEqual([
    "duty.failed scheduled backups",
    "duty.recovered scheduled backups",
  ]);
});

test("what a process left of a failure goes when the duty works in the next one on that host", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await reporting(database).reports.failed("sweeping", new Error("no"));

  const next = reporting(database);
  await next.reports.failed("sweeping", new Error("still no"));
  expect(await listDutyFailures(database)).toMatchObject([{ error: "still no" }]);
  const third = reporting(database);
  await third.reports.succeeded("sweeping");

  expect(await listDutyFailures(database)).toEqual([]);
  expect(await eventsOf(database)).toEqual(["duty.failed sweeping", "duty.recovered sweeping"]);
});

test("a failure that can't be stored since the database is away is logged, and stored by the next round", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const { reports, lines } = reporting(database);
  await database.query("alter table headworks.duty_failures rename to away");

  await reports.failed("planning", new Error("no"));
  await database.query("alter table headworks.away rename to duty_failures");
  await reports.failed("planning", new Error("no"));

  expect(lines).toEqual([
    "planning failed and is tried again: no",
    expect.stringMatching(/^that planning fails can't be stored: /),
  ]);
  expect(await listDutyFailures(database)).toMatchObject([{ duty: "planning" }]);
});

test("a host that hasn't been heard of for a day is forgotten", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await reporting(database).reports.failed("sweeping", new Error("no"));
  await database.query(
    "insert into headworks.duty_failures (duty, host, error, failed_at) values ('sweeping', 'gone', 'no', now() - interval '25 hours')",
  );

  await forgetGoneHosts(database);

  expect((await listDutyFailures(database)).map(({ host }) => host)).not.toContain("gone");
  expect(await listDutyFailures(database)).toHaveLength(1);
});
