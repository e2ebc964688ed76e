// Every mistake in a schedule is told with what is wrong and what to do, all at once.

import { expect, test } from "vitest";
import { dynamic, pipeline, processor, type Schedule, schedule, single } from "../../index.ts";
import { ConfigurationError } from "./problems.ts";
import { compileRegistry } from "./registry-of.ts";

const teams = processor("teams", {
  phase: "all",
  discovers: dynamic("team", { within: single() }),
  run() {},
});
const rosters = processor("rosters", {
  phase: "all",
  partitions: dynamic("team", { within: single() }),
  run() {},
});

function problemsOf(...schedules: Schedule[]) {
  try {
    compileRegistry([pipeline("season", { phases: ["all"], processors: [teams, rosters], schedules })], {
      environment: {},
      sources: [],
    });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("no mistake was found");
}

test("all mistakes of a schedule are listed at once", () => {
  const problems = problemsOf(
    schedule("Nightly", {
      cron: "0 25 * * *",
      timezone: "America/New_Yorck",
      run: ["team", rosters],
      // @ts-expect-error: in JavaScript nothing keeps one from writing it
      missed: "some",
      // @ts-expect-error: likewise
      partition: "oldest",
      // @ts-expect-error: likewise
      jitter: "soon",
    }),
  );
  expect(problems).toMatchObject([
    { code: "BAD_NAME", where: "schedule Nightly" },
    { code: "BAD_TIMEZONE", where: "schedule Nightly › timezone" },
    { code: "BAD_DURATION", where: "schedule Nightly › jitter" },
    {
      code: "BAD_CRON",
      where: "schedule Nightly › cron",
      message: 'as the hour, "25" is none: 0 to 23',
      hint: expect.stringContaining('"0 3 * * *" is every day at 03:00'),
    },
    { code: "UNKNOWN_MISSED_POLICY", message: "some is no policy for missed slots" },
    { code: "BAD_SLOT_PARTITION", message: '"oldest" says no partition' },
    { code: "UNKNOWN_PROCESSOR", message: "unknown processor team", hint: "did you mean teams?" },
    { code: "DISCOVERED_NOT_SCHEDULED", hint: "schedule the processor that discovers them" },
  ]);
});

test("what could never be right is refused", () => {
  expect(
    problemsOf(
      schedule("never", { cron: "0 0 31 2 *", run: teams }),
      schedule("nothing", { cron: "@daily", run: [] }),
      schedule("laned", { cron: "@daily", run: teams, lane: "backfill" }),
      schedule("mixed_up", { cron: "*/15 * * * *", run: teams, jitter: "16m" }),
      schedule("mixed_up", { cron: "0 3 * * *", run: teams, jitter: "23h", partition: { daysBack: -1 } }),
    ),
  ).toMatchObject([
    { code: "DUPLICATE_NAME", where: "schedule mixed_up" },
    {
      code: "BAD_CRON",
      where: "schedule never › cron",
      message: '"0 0 31 2 *" never comes: no month has such a day',
    },
    { code: "NOTHING_TO_RUN", where: "schedule nothing › run" },
    {
      code: "UNKNOWN_LANE",
      where: "schedule laned › lane",
      message: "the queue default of teams has no lane backfill",
      hint: "use one of: live",
    },
    {
      code: "JITTER_TOO_LONG",
      where: "schedule mixed_up › jitter",
      message: "it is longer than the 15m from one slot to the next",
    },
    { code: "BAD_NUMBER", where: "schedule mixed_up › partition.daysBack" },
  ]);
});
