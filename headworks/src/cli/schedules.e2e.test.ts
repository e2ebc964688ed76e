// Schedules by the command line: a fleet runs a slot that it missed, and the commands tell of it, pause and resume.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "../contract/operations.ts";
import { createTestDatabase } from "../testing/database.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand, startCommand } from "./command.fixture.ts";

/** Half an hour from now: no slot comes up by itself meanwhile. */
const SOON = (new Date().getUTCMinutes() + 30) % 60;
const CONFIGURATION = `pipeline: season
phases: [all]
timezone: America/New_York
processors:
  - name: tables
    phase: all
    run: { command: [node, -e, ""] }
  - name: report
    phase: all
    dependencies: [tables]
    run: { command: [node, -e, ""] }
schedules:
  - { name: hours, cron: "${SOON} * * * *", run: [tables, report] }
  - { name: nightly, cron: "${SOON} 2 * * *", run: report, missed: skip, jitter: 5m }
`;
const UNTIL = { timeout: 90_000, interval: 200 };
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "headworks-cli-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("runs the slot that was missed while nothing ran, tells of it, pauses, resumes and retires", async () => {
  await using db = await createTestDatabase();
  const where = ["--data-dir", dataDir, "--database-url", db.url];
  const configuration = join(dataDir, "scheduled.yaml");
  await writeFile(configuration, CONFIGURATION);
  const options = ["--config", configuration, ...where];
  const first = await runCommand(["start", "--until-settled", ...options]);
  expect(first).toMatchObject({ code: 0 });
  await db.database.query(
    "update headworks.schedules set decided_until = now() - interval '3 hours', next_slot_at = now() - interval '3 hours' where name = 'hours'",
  );
  await using fleet = startCommand(["start", ...options]);
  const ended = "select count(*) from headworks.runs where processor = $1";
  await expect.poll(() => readNumber(db.database, ended, ["report"]), UNTIL).toBe(2);
  expect(await readNumber(db.database, ended, ["tables"])).toBe(2);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(["schedules", ...args, "--json", ...where]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const parsed = JSON.parse(stdout);
    OPERATIONS.get(`schedules.${args[0]}`)?.output.parse(parsed);
    return parsed;
  };

  expect(await json("list")).toMatchObject({
    items: [
      {
        name: "hours",
        cron: `${SOON} * * * *`,
        timezone: "America/New_York",
        processors: ["tables", "report"],
        last_slot_state: "due",
        next_slots_at: [expect.stringMatching(/:00\.000Z$/)],
      },
      { name: "nightly", last_slot_at: null, jitter_ms: 300_000 },
    ],
    next_cursor: null,
  });
  const shown = await json("show", "hours");
  expect(shown.next_slots_at).toHaveLength(5);
  expect(shown.slots.slice(0, 2)).toMatchObject([
    { processor: "report", partition: "all", state: "asked", outcome: "success" },
    { processor: "tables", partition: "all", state: "asked", outcome: "success" },
  ]);
  expect(shown.slots.slice(2)).toMatchObject([{ slot_state: "skipped" }, { slot_state: "skipped" }]);
  const seen = await runCommand(["schedules", "show", "hours", ...where]);
  expect(seen.stdout).toMatch(/\d{2}:\d{2} -0[45]:00 {2}\S+Z {2}report {5}all {8}\S+ {2}success/);
  expect(seen.stdout).toContain("missed");

  expect(await json("pause", "nightly")).toMatchObject({ name: "nightly", paused_at: expect.any(String) });
  const again = await runCommand(["schedules", "pause", "nightly", ...where]);
  expect(again.stderr).toContain("nightly was already paused; `headworks schedules resume nightly`");
  const listed = await runCommand(["schedules", "list", ...where]);
  expect(listed.stdout).toMatch(/^nightly .* paused /m);
  const resumed = await runCommand(["schedules", "resume", "nightly", ...where]);
  expect(resumed.stderr).toMatch(/^nightly is resumed; its next slot is \d{4}-.*Z$/m);
  const unknown = await runCommand(["schedules", "show", "nightli", ...where]);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean nightly?") });
  fleet.signal("SIGTERM");
  await fleet.ended;

  const without = join(dataDir, "processors.yaml");
  await writeFile(
    without,
    "pipeline: season\nphases: [all]\nprocessors:\n  - { name: tables, phase: all, run: { command: [node, -e, ''] } }\n",
  );
  const retired = await runCommand(["start", "--until-settled", "--config", without, ...where]);
  expect(retired.stderr).toContain(
    "no longer in the configuration: report, schedule hours, schedule nightly",
  );
  expect(await json("list")).toEqual({ items: [], next_cursor: null });
}, 240_000);
