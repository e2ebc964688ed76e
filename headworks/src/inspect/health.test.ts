import { expect, test } from "vitest";
import type { Problem, ProcessorCounts } from "../store/history/overview.queries.ts";
import type { QueueListing } from "../store/queue/queues.ts";
import { assessHealth, type HealthFacts } from "./health.ts";

const NONE = {
  ...{ expected: 0, complete: 0, empty: 0, degraded: 0, failed: 0, waived: 0 },
  ...{ running: 0, waiting: 0, queued: 0, blocked: 0, overdue: 0, unvouched: 0 },
};

function counts(some: Partial<ProcessorCounts>): ProcessorCounts {
  const named = {
    pipeline: "nba",
    phase: "raw",
    phase_index: 0,
    processor: "box_scores",
    criticality: "normal" as const,
  };
  return { ...named, ...NONE, ...some };
}

function problem(some: Partial<Problem>): Problem {
  return {
    ...{ pipeline: "nba", phase: "raw", processor: "box_scores", criticality: "normal", kind: "failed" },
    ...{
      outcome: "error",
      reason: "thrown",
      fingerprint: "feedfeedfeedfeed",
      outputs: 1,
      overdue: 0,
      unbounded: 0,
      given_up: 0,
    },
    ...{ since: "2026-01-15T03:00:00.000Z", partition: "2026-01-14", message: "", records: null },
    ...{ expected_min: null, run_id: null, blocks: 0 },
    ...some,
  };
}

function queue(some: Partial<QueueListing>): QueueListing {
  return {
    ...{ name: "default", paused_at: null, max_concurrent: null, rate: null, burst: 1, tokens: null },
    lanes: [],
    ...{ scheduled: 0, ready: 0, running: 0, waiting: 0, failed: 0 },
    ...some,
  };
}

function assess(some: Partial<HealthFacts>) {
  return assessHealth({
    counts: [],
    problems: [],
    problemsCut: false,
    queues: [],
    schedules: [],
    storms: [],
    duties: [],
    files: { files: [], all: 0 },
    liveWorkers: 1,
    ...some,
  });
}

test("is good and complete when all that is expected is complete, empty or waived", () => {
  const report = assess({ counts: [counts({ expected: 1300, complete: 1200, empty: 99, waived: 1 })] });

  expect(report).toMatchObject({ verdict: "good", complete: true });
  expect(report.headline).toBe("all 1,300 expected outputs are there: 1,200 complete, 99 empty, 1 waived");
});

test("is good, but not complete, while nothing is wrong and something is still to come", () => {
  const report = assess({ counts: [counts({ expected: 5, complete: 1, running: 2, blocked: 2 })] });

  expect(report).toMatchObject({ verdict: "good", complete: false });
  expect(report.headline).toBe("nothing is wrong: 1 of 5 expected outputs is there, 4 still to come");
});

test("is good when nothing is expected yet", () => {
  expect(assess({})).toMatchObject({ verdict: "good", complete: true, headline: "nothing is expected yet" });
});

test("is bad for what failed, and says how much waits", () => {
  const report = assess({
    counts: [counts({ expected: 10, complete: 6, failed: 2, blocked: 2 })],
    problems: [problem({ outputs: 2, blocks: 2 })],
  });

  expect(report).toMatchObject({ verdict: "bad", complete: false });
  expect(report.headline).toBe("2 of 10 expected outputs are wrong: 2 failed; 2 wait for dependencies");
});

test("is bad for overdue outputs alone, and doesn't count an overdue degraded output twice", () => {
  const report = assess({
    counts: [counts({ expected: 10, complete: 7, degraded: 1, overdue: 3, blocked: 2 })],
    problems: [problem({ kind: "degraded", overdue: 1 })],
  });

  expect(report.headline).toBe(
    "3 of 10 expected outputs are wrong: 1 degraded, 2 overdue; 2 wait for dependencies",
  );
});

test.for([
  { name: "in time and checked again", some: {}, verdict: "good" },
  { name: "overdue", some: { overdue: 1 }, verdict: "bad" },
  { name: "without a time set", some: { unbounded: 1 }, verdict: "bad" },
  { name: "given up", some: { given_up: 1 }, verdict: "bad" },
])("a degraded output $name is $verdict", ({ some, verdict }) => {
  const report = assess({
    counts: [counts({ expected: 1, degraded: 1, overdue: "overdue" in some ? 1 : 0 })],
    problems: [
      problem({ kind: "degraded", outcome: "validation_failed", reason: "below_expected", ...some }),
    ],
  });

  expect(report.verdict).toBe(verdict);
});

test("waiting and retrying are on their way until they are overdue", () => {
  const report = assess({
    counts: [counts({ expected: 2, waiting: 2 })],
    problems: [
      problem({ kind: "waiting", outcome: "dependency_missing", reason: "declared" }),
      problem({ kind: "retrying" }),
    ],
  });

  expect(report.verdict).toBe("good");
  expect(report.reasons.map((reason) => reason.wrong)).toEqual([false, false]);
});

test("puts what is wrong first and keeps the order of the store otherwise", () => {
  const report = assess({
    counts: [counts({ expected: 3, waiting: 1, failed: 2 })],
    problems: [
      problem({ kind: "waiting", processor: "a" }),
      problem({ processor: "b" }),
      problem({ processor: "c" }),
    ],
  });

  expect(report.reasons.map((reason) => reason.processor)).toEqual(["b", "c", "a"]);
});

test.for([
  { some: { reason: "below_expected", records: 3, expected_min: 9 }, what: "3 of at least 9 records" },
  {
    some: { reason: "unexpected_empty", expected_min: 16 },
    what: "no records, where at least 16 were expected",
  },
  { some: { message: "GET /games answered 500\nand more" }, what: "GET /games answered 500" },
  { some: { reason: "crashed" }, what: "its process died" },
  {
    some: { reason: "rows_rejected", message: "box_scores: points: Required" },
    what: "too many rows were rejected: box_scores: points: Required",
  },
  { some: { reason: null, outcome: "timeout" as const }, what: "it timed out" },
  { some: { kind: "queued" as const, overdue: 1 }, what: "overdue, and not started" },
  { some: { kind: "running" as const, overdue: 1 }, what: "overdue, and still running" },
  { some: { kind: "blocked" as const, overdue: 1 }, what: "overdue, and waiting for a dependency" },
])("says in words: $what", ({ some, what }) => {
  expect(assess({ problems: [problem(some)] }).reasons[0]?.what).toBe(what);
});

const IT = { processor: "box_scores", partition: "2026-01-14" };
test.for([
  { some: {}, next: { kind: "show_run", ...IT } },
  {
    some: { outcome: "validation_failed" as const, reason: "unexpected_empty", given_up: 1 },
    next: { kind: "run_output", ...IT },
  },
  {
    some: { outcome: "dependency_missing" as const, reason: "declared", given_up: 1 },
    next: { kind: "run_output", ...IT },
  },
  { some: { kind: "running" as const, overdue: 1 }, next: { kind: "follow_logs", ...IT } },
  { some: { kind: "queued" as const, overdue: 1 }, next: { kind: "show_status" } },
])("names the next step: $next.kind", ({ some, next }) => {
  expect(assess({ problems: [problem(some)] }).reasons[0]?.next).toEqual(next);
});

test("says to start when what is overdue has nobody to run it", () => {
  const report = assess({ problems: [problem({ kind: "queued", overdue: 1 })], liveWorkers: 0 });

  expect(report.reasons[0]?.next).toEqual({ kind: "start" });
});

test("tells when there are more causes than it was given", () => {
  expect(assess({ problemsCut: true }).reasons_cut).toBe(true);
  expect(assess({}).reasons_cut).toBe(false);
});

test("notes that nobody works, that a queue or a schedule is paused, and that nobody vouched for emptiness", () => {
  const report = assess({
    counts: [counts({ expected: 3, queued: 2, empty: 1, unvouched: 1 })],
    queues: [queue({ name: "stats", paused_at: "2026-01-15T03:00:00.000Z", ready: 2 }), queue({ ready: 1 })],
    schedules: [
      { name: "nightly", paused_at: "2026-01-14T20:00:00.000Z" },
      { name: "hourly", paused_at: null },
    ],
    storms: [{ kind: "processor", name: "odds", starts: 1_200, retries: 900 }],
    liveWorkers: 0,
  });

  expect(report.notes).toEqual([
    { message: "no worker is running, and 2 outputs could run", next: { kind: "start" } },
    {
      message: "the queue stats is paused; 2 tasks wait in it",
      next: { kind: "resume_queue", queue: "stats" },
    },
    {
      message: "the schedule nightly is paused: it creates no work",
      next: { kind: "resume_schedule", schedule: "nightly" },
    },
    {
      message:
        "the processor odds is in a retry storm (900 of 1,200 starts in five minutes): retries wait longer",
      next: { kind: "list_failures", processor: "odds" },
    },
    {
      message: "1 output is empty and nobody vouched that this is right",
      next: { kind: "list_outputs", status: "empty" },
    },
  ]);
});

test("adds up the processors of a phase, and keeps pipelines apart", () => {
  const report = assess({
    counts: [
      counts({ expected: 2, complete: 2 }),
      counts({ processor: "other", expected: 3, complete: 3 }),
      counts({ pipeline: "tcg", expected: 1, complete: 1 }),
    ],
  });

  expect(report.phases.map(({ pipeline, phase, expected }) => ({ pipeline, phase, expected }))).toEqual([
    { pipeline: "nba", phase: "raw", expected: 5 },
    { pipeline: "tcg", phase: "raw", expected: 1 },
  ]);
});

test("names a duty that fails: where, since when, with what, and what to do", () => {
  const failure = {
    duty: "scheduled backups",
    host: "db-1",
    since: "2026-01-15T03:00:00.000Z",
    failed_at: "2026-01-15T04:00:00.000Z",
    error: "a backup can't be written to /mnt/backups: ENOSPC\n    at writeBackup",
    hint: "free some space",
  };

  expect(assess({ duties: [failure, { ...failure, duty: "planning", hint: null }] }).notes).toEqual([
    {
      message:
        "scheduled backups fails on db-1 since 2026-01-15T03:00:00.000Z: a backup can't be written to /mnt/backups: ENOSPC; free some space",
      next: null,
    },
    {
      message: expect.stringMatching(
        /^planning fails on db-1 .* fix what it says; it is tried again by itself$/,
      ),
      next: null,
    },
  ]);
});

test("names files that can't be published: whose, since when, why, and what to do", () => {
  const file = { path: "a.json", processor: "page", partition: "all", since: "2026-01-15T03:00:00.000Z" };
  const files = [
    { ...file, error: "ENOSPC: no space left on device, rename 'x' -> 'y'" },
    { ...file, path: "b.json", error: "it was settled, but its file is gone: run its output again" },
  ];

  expect(assess({ files: { files, all: 12 } }).notes).toEqual([
    {
      message:
        "the file a.json of page[all] can't be published since 2026-01-15T03:00:00.000Z: ENOSPC: no space left on device, rename 'x' -> 'y'; free some space; it is tried again every minute",
      next: null,
    },
    {
      message: expect.stringMatching(/^the file b\.json .* is gone: run its output again$/),
      next: { kind: "run_output", processor: "page", partition: "all" },
    },
    { message: "10 more files can't be published", next: null },
  ]);
});
